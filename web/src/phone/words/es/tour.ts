import type { Words } from '../en';

export const tour: Words['tour'] = {
  of: (n, all) => `${n} de ${all}`,
  skip: 'Saltar',
  next: 'Siguiente',
  done: 'Entendido',
  record: 'Registre sobre la marcha',
  recordWhy: 'Abra un trabajo y toque el botón de abajo: en camino, llegada, inicio, fotos, fin. Funciona sin cobertura.',
  chip: 'Las palabras de arriba dicen dónde está',
  chipWhy: '«Guardado en este teléfono»: se conserva aquí y se envía solo. «A salvo»: lo tiene el servidor. Tóquelas para ver qué espera.',
  leave: 'Váyase cuando esté en verde',
  leaveWhy: '«Todo listo para irse», al final del trabajo, dice qué falta, y cada línea le lleva allí. En verde, Amazon no tiene motivo para rechazar.',
  again: 'Mostrar la introducción de nuevo',
};
