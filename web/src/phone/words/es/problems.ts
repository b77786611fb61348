import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('es');

export const problems: Words['problems'] = {
  told: {
    name_or_password_wrong: {
      title: 'El nombre y la contraseña no coinciden',
      detail: 'Compruebe los dos e inténtelo de nuevo. Las mayúsculas cuentan.',
    },
    enrolment_needed: {
      title: 'Este teléfono aún no está dado de alta',
      detail: 'Pida un código a la oficina e introdúzcalo aquí.',
    },
    code_wrong: {
      title: 'Este código no funciona',
      detail: 'Mírelo otra vez, o pida uno nuevo a la oficina: un código sirve una vez, durante 15 minutos.',
    },
    signed_out: { title: 'Su sesión está cerrada', detail: 'Inicie sesión de nuevo. No se ha perdido nada en este teléfono.' },
    phone_revoked: {
      title: 'La oficina ha quitado este teléfono de su lista',
      detail: 'Lo que registró está guardado y se sigue enviando. Pregunte en la oficina.',
    },
    unlock_wanted: {
      title: 'Primero hay que desbloquear este teléfono',
      detail: 'Desbloquéelo con el PIN o inicie sesión otra vez. Lo guardado se queda.',
    },
    not_your_role: { title: 'Esto no es parte de su función', detail: 'Inicie sesión con una cuenta que tenga esta función.' },
    no_such_visit: {
      title: 'Esta visita no está en su lista',
      detail: 'Pregunte en la oficina a quién se dio. Lo que registró se queda en este teléfono.',
    },
    visit_expired: {
      title: 'Ha pasado el plazo para conservar los datos de esta visita',
      detail: 'Ya no se puede añadir nada. Avise a la oficina.',
    },
    photo_not_on_phone: {
      title: 'La imagen ya no está en este teléfono',
      detail: 'El servidor tampoco la tiene. Quítela aquí y hágala de nuevo.',
    },
    photo_empty: { title: 'La foto está vacía', detail: 'Hágala de nuevo.' },
    photo_too_large: { title: 'La foto es demasiado grande para Amazon', detail: 'Hágala de nuevo, más pequeña.' },
    photo_not_jpeg_or_png: { title: 'No es una imagen JPEG ni PNG', detail: 'Hágala de nuevo con la cámara.' },
    photo_key_gone: {
      title: 'La foto es demasiado antigua para abrirla',
      detail: 'Hágala de nuevo, o avise a la oficina.',
    },
    photo_does_not_open: {
      title: 'La foto no se abre; quizá esté dañada',
      detail: 'Hágala de nuevo, o avise a la oficina.',
    },
    photo_not_safe: { title: 'El servidor aún no tiene esta foto', detail: 'Entregue primero el archivo que la contiene.' },
    photo_damaged: { title: 'La imagen está dañada', detail: 'Hágala de nuevo.' },
    photo_too_many_pixels: { title: 'La imagen tiene más píxeles que una foto', detail: 'Hágala de nuevo, más pequeña.' },
    photo_envelope_unknown: {
      title: 'El servidor no conoce el formato en que viene la foto',
      detail: 'Se queda en este teléfono. Cargue la aplicación de nuevo, o avise a la oficina.',
    },
    not_a_bundle: {
      title: 'Este archivo no es el trabajo sin enviar de un teléfono',
      detail: 'Elija un archivo que guardó Doorstep, acabado en .dsr.',
    },
    bundle_version_unknown: {
      title: 'Este archivo es más nuevo que el servidor',
      detail: 'Guárdelo y avise a la oficina: se podrá entregar tras una actualización.',
    },
    name_too_long: { title: 'El nombre es demasiado largo', detail: 'Compruébelo e inténtelo de nuevo.' },
    upload_differs: { title: 'El servidor tiene aquí otra foto', detail: 'Se queda en este teléfono; avise a la oficina.' },
    receipt_differs: {
      title: 'El servidor tiene otros datos en esta foto',
      detail: 'Se queda en este teléfono; avise a la oficina.',
    },
    sync_version_unknown: {
      title: 'Esta aplicación es más nueva o más antigua que el servidor',
      detail: 'Cargue la aplicación de nuevo. Lo guardado en el teléfono se queda en él.',
    },
    too_large: { title: 'Es más de lo que cabe en un envío', detail: 'Envíe menos de una vez.' },
    internal: {
      title: 'Algo falló en el servidor',
      detail: 'Inténtelo de nuevo en un momento. Lo guardado en el teléfono se queda en él.',
    },
  },
  tooManyAttempts: 'Demasiados intentos',
  waitMinutes: (n) =>
    many(n, { one: 'Espere # minuto e inténtelo de nuevo.', other: 'Espere # minutos e inténtelo de nuevo.' }),
  noConnection: 'Sin conexión',
  noConnectionDetail: 'El servidor no respondió. Inténtelo de nuevo donde haya cobertura.',
  didNotWork: 'No funcionó',
  didNotWorkDetail: 'Inténtelo de nuevo. Lo guardado en este teléfono se queda en él.',
};
