import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('es');

export const findings: Words['findings'] = {
  rule: {
    job_closed: () => 'Amazon ha cerrado este trabajo. Llame a la oficina antes de seguir',
    appointment_moved: () => 'Esta visita se cambió o canceló en Amazon. Llame a la oficina',
    job_vanished: () => 'Amazon ya no muestra este trabajo. Llame a la oficina antes de seguir',
    moved_during_work: () => 'La visita se cambió cuando el trabajo ya había empezado. La oficina decide si lo registrado cuenta',
    visit_reassigned: () => 'Amazon ha dado esta visita a otra persona. La oficina decide si lo registrado cuenta',
    product_not_arrived: () => 'En Amazon el producto aún no figura como entregado',
    technician_unlinked: () => 'La oficina aún no le ha vinculado en Amazon. Puede seguir; la oficina lo ve',
    step_missing: (place) => `${place}: sin registrar`,
    step_out_of_order: (place) => `${place}: se registró antes que el paso anterior. Regístrelo de nuevo`,
    answer_missing: (place) => `Aún sin respuesta: ${place}`,
    answer_unacceptable: (place) => `Con esta respuesta el trabajo sigue abierto: ${place}`,
    shot_missing: (place, amount) => `${many(amount, { one: 'Falta # foto', other: 'Faltan # fotos' })}: ${place}`,
    too_few_photos: (_, amount) => many(amount, { one: 'Falta # foto más', other: 'Faltan # fotos más' }),
    photo_too_large: (place) => `Una foto es mayor de lo que Amazon acepta: ${place}. Quítela y hágala de nuevo`,
    photo_empty: (place) => `Una foto no tiene contenido: ${place}. Quítela y hágala de nuevo`,
    clock_off: (much) => `El reloj de este teléfono va ${much}. Las horas se corrigen con las del servidor; no se pierde nada`,
    conflict: (place) => `Dos teléfonos registraron cosas distintas: ${place}. Se guardan las dos; compruebe la que se muestra`,
  },
  behind: (much) => `${much} atrasado`,
  ahead: (much) => `${much} adelantado`,
  goodToKnow: (finding) => `Conviene saber: ${finding}`,
  photos: 'fotos',
};
