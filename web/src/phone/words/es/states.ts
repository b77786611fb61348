import { counting, listing } from '../counting';
import type { Words } from '../en';

const many = counting('es');
const list = listing('es');

export const states: Words['states'] = {
  nothingRecorded: 'Aún no hay nada registrado',
  saving: 'Guardando',
  notSaved: 'Sin guardar',
  onPhone: 'Guardado en este teléfono',
  safe: 'A salvo',
  signedOut: 'Sesión cerrada',
  photoRefused: 'Foto rechazada',
  nothingToSend: 'Nada que enviar',
  toSend: (n) => many(n, { other: '# por enviar' }),
  elsewhere: 'En otro teléfono',
  sending: (percent) => `Enviando ${percent} %`,
  refused: (why) => `Rechazado: ${why}`,
  ready: 'Todo listo para irse',
  missing: (n) => many(n, { one: 'Falta # cosa', other: 'Faltan # cosas' }),
  changes: (n) => many(n, { one: '# cambio', other: '# cambios' }),
  photos: (n) => many(n, { one: '# foto', other: '# fotos' }),
  nothing: 'Nada',
  together: (parts) => list(parts),
  cancelled: 'Cancelado en Amazon',
  completed: 'Completado en Amazon',
  pendingSchedule: 'A la espera de hora en Amazon',
  notFulfillable: 'Amazon no puede realizar este trabajo',
  hold: 'En espera en Amazon',
  paymentDeclined: 'Pago rechazado en Amazon',
  amazonSays: (status) => `Amazon dice: ${status}`,
};
