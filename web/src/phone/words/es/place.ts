import type { Words } from '../en';

export const place: Words['place'] = {
  inStore: 'El comprador viene a la tienda',
  online: 'Por teléfono o vídeo; nadie se desplaza',
  vehicle: 'Vehículo',
  doubted: 'No se pudo comprobar lo que hay que registrar. Vale lo que este teléfono ya tenía. Si sigue así, avise a la oficina.',
};
