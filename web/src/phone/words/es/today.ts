import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('es');

export const today: Words['today'] = {
  today: 'Hoy',
  nextJob: 'Próximo trabajo',
  pageNotKept: 'Este navegador no conserva la página. Déjela abierta, o abra Doorstep fuera de una ventana privada.',
  someOffline: (ready, all) =>
    `${many(ready, { other: '#' })} de ${many(all, { one: '# trabajo', other: '# trabajos' })} disponibles sin conexión. Quédese donde haya cobertura hasta que lo estén todos.`,
  allOffline: (all) =>
    many(all, { one: 'El trabajo está disponible sin conexión.', other: 'Los # trabajos están disponibles sin conexión.' }),
  keepOpen: (photos) => `Deje esto abierto: ${photos}.`,
  keepOpenAbout: (photos, takes) => `Deje esto abierto: ${photos}, unos ${takes}.`,
  overdue: (photos) =>
    `${many(photos, { one: '# foto espera', other: '# fotos esperan' })} en este teléfono desde anteayer o antes. Vaya donde haya red y deje esta página abierta, o avise a la oficina.`,
  noAnswerYet: 'Sus trabajos aparecen aquí cuando responda el servidor. Para eso hace falta cobertura una vez.',
  noJobs: 'Hoy no tiene trabajos. Cuando la oficina le dé uno, aparecerá aquí.',
  notOffline: 'Aún no disponible sin conexión',
  moved: 'Cambiada o cancelada en Amazon',
  addressAtAmazon: 'Dirección en la aplicación de Amazon',
  somebodyElses: 'Visita de otra persona',
  addressGone: 'La dirección ya no está en este teléfono',
  keptNothingSent: 'Guardado aquí. Aún no se envía nada a Amazon',
  closeAtAmazon: 'Cierre este trabajo en la aplicación de Amazon',
  keptCloseAtAmazon: 'Guardado aquí. Cierre este trabajo en la aplicación de Amazon',
};
