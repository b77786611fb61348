import type { Words } from '../en';

export const report: Words['report'] = {
  title: 'Informe de servicio',
  open: 'Informe de servicio',
  print: 'Imprimir o guardar en PDF',
  withAddress: 'Con nombre y dirección',
  notSaved: 'Un PDF guardado queda fuera de esta aplicación: bórrelo cuando lo haya entregado.',
  job: 'Trabajo',
  visit: 'Visita',
  doneBy: 'Realizado por',
  times: 'Horas',
  checked: 'Comprobado',
  numbers: 'Números de serie',
  photos: 'Fotos',
  signature: 'Firma',
  none: 'Nada registrado',
  back: 'Volver al trabajo',
  photo: 'Una foto de la visita',
};
