import { counting, listing } from '../counting';
import type { Words } from '../en';

const many = counting('es');
const list = listing('es');

const things = (photos: number, answers: number) =>
  list([
    ...(photos > 0 ? [many(photos, { one: '# foto', other: '# fotos' })] : []),
    ...(answers > 0 ? [many(answers, { one: '# respuesta', other: '# respuestas' })] : []),
  ]);

export const unsent: Words['unsent'] = {
  parked: { changes: 'Pasos y respuestas', record: 'Una nota o un lugar', photo: 'Una foto' },
  giveUp: {
    recorded_again: 'Se registró de nuevo',
    brought_otherwise: 'Se entregó de otra forma',
    not_needed: 'No hace falta',
  },
  things,
  waits: (photos, answers) =>
    `${things(photos, answers)} por enviar en este teléfono. También bloqueado se envía, mientras esta página siga abierta.`,
  waitsSignedOut: (photos, answers) => `${things(photos, answers)} por enviar en este teléfono. Inicie sesión para enviar.`,
  overdue: 'Una parte espera desde anteayer o antes. Vaya donde haya red y deje esta página abierta, o avise a la oficina.',
  notTaken: 'No aceptado por el servidor',
  notTakenWhy: 'Todo lo demás sigue. Esto se queda en este teléfono.',
  because: (reason) => `El motivo: ${reason}.`,
  takeOut: 'Sacar a un archivo',
  whyGo: '¿Por qué puede irse? Se avisa a la oficina; después sale de este teléfono para siempre.',
  keepIt: 'Conservarlo',
  letGo: 'Renunciar a ello',
  nothingGivenUp: 'No se ha perdido nada.',
  save: 'Guardar lo no enviado en un archivo',
  saveWhy:
    'Para el día en que este teléfono no pueda enviar. Solo el servidor puede leer el archivo: déselo a la oficina o a otro teléfono.',
  nothingToSave: 'Aquí no espera nada que pueda ir a un archivo.',
  saved: 'Guardado. También se queda en este teléfono hasta que lo tenga el servidor.',
  fileNotMade: 'El archivo no se creó. Inténtelo de nuevo.',
  fromAnotherPhone: 'Trabajo de otro teléfono',
  deliver: 'Entregar lo no enviado de un teléfono',
  deliverHow: 'Un archivo que Doorstep guardó en un teléfono y que acaba en .dsr. Entregarlo dos veces no cambia nada.',
  delivering: 'Entregando',
  chooseFile: 'Elegir el archivo',
  fromPhone: (name) => `Del teléfono de ${name}`,
  fromFile: 'De este archivo',
  delivered: (whose, what) => `${whose}: entregado ${what}.`,
  hereAlready: (whose, what) => `${whose}: ya estaba aquí ${what}.`,
  thingsNotTaken: (n, reason) => `${many(n, { one: '# cosa no aceptada', other: '# cosas no aceptadas' })}: ${reason}.`,
  fileCut: 'El archivo acaba a la mitad. Lo anterior está entregado; para el resto hace falta el archivo entero.',
  fileEmpty: 'En este archivo no hay nada.',
  reason: {
    tooOld: 'es demasiado antiguo para abrirlo: la clave de su día está destruida',
    damaged: 'no se abre; quizá esté dañado',
    appNewer: 'la aplicación del teléfono es más nueva que el servidor',
    unknownPhone: 'este servidor no conoce el teléfono del que viene',
    notYours: 'la visita nunca fue de este técnico; lo que se pudo apartar está apartado',
    noVisit: 'el servidor no tiene esa visita',
    othersVisit: 'la visita no es de este técnico',
    visitExpired: 'ha pasado el plazo para conservar los datos de esta visita',
    pictureDamaged: 'la imagen está dañada',
    notAPicture: 'no es una imagen JPEG ni PNG',
    pictureGone: 'su imagen ya no está en este teléfono',
    tooLong: 'es demasiado largo',
    full: 'no queda sitio en el cierre de esta visita',
    incomplete: 'falta algo registrado antes',
    other: (code) => `el servidor no lo aceptó (${code})`,
  },
};
