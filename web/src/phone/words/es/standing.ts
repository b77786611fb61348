import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('es');

export const standing: Words['standing'] = {
  notice: {
    cancelled: 'Trabajo cancelado en Amazon',
    called_off: 'Visita anulada en Amazon',
    moved: 'Visita cambiada en Amazon',
    reassigned: 'Visita dada a otra persona en Amazon',
    vanished: 'Amazon ya no muestra el trabajo',
    after_deadline: 'Posterior a la caducidad de los datos del cliente',
  },
  cancelled: (since) => `Este trabajo se canceló en Amazon. ${since} Lo que registró está guardado.`,
  calledOff: (since) => `Esta visita se anuló en Amazon. ${since} Lo que registró está guardado.`,
  vanished: (since) => `Amazon ya no muestra este trabajo. ${since} Lo que registró está guardado. Llame a la oficina.`,
  moved: (since) => `Esta visita se cambió en Amazon. ${since} Lo que registró está guardado.`,
  movedFrom: (before, since) => `Esta visita se cambió en Amazon. Era ${before}. ${since} Lo que registró está guardado.`,
  reassigned: 'Amazon ha dado esta visita a otra persona. Lo que registró está guardado. La oficina decide si cuenta.',
  afterDeadline: 'Los datos de Amazon sobre este cliente han caducado aquí. Busque nombre y dirección en la aplicación de Amazon.',
  knownSince: (time) => `Se sabe aquí desde ${time}.`,
  delivered: 'Producto entregado',
  notComing: 'Un producto se canceló en Amazon y no llegará',
  notDelivered: 'Producto aún no entregado',
  expected: (day) => `Producto aún no entregado, previsto ${day}`,
  siblings: (n, each) => `${many(n, { one: '# trabajo más', other: '# trabajos más' })} de este pedido: ${each}`,
  noTimeYet: 'aún sin hora',
};
