import type { Words } from '../en';

export const steps: Words['steps'] = {
  step: { on_my_way: 'En camino', arrived: 'Llegada', started: 'Inicio', finished: 'Fin' },
  answer: { yes: 'Sí', no: 'No', not_applicable: 'No procede' },
  steps: 'Pasos',
  proof: 'Pruebas',
  done: 'Hecho',
  show: 'Mostrar',
  recordAgain: (step) => `${step}: volver a registrar`,
  now: (step) => `${step}: registrar ahora`,
  backToToday: 'Volver a hoy',
  startWithoutProduct: 'Producto no entregado: empezar de todos modos',
  finishForAll: (names) => `Aún trabajando: ${names}. Terminar para todos`,
  takePhotoOf: (shot) => `Hacer foto: ${shot}`,
  next: (place) => `Siguiente: ${place}`,
  seeWhatChanged: 'Ver qué cambió Amazon',
  notStarted: 'Sin empezar',
  keepsOpen: 'Con esta respuesta el trabajo sigue abierto. Corríjalo, o escriba una nota y llame a la oficina.',
};
