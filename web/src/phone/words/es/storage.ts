import type { Words } from '../en';

export const storage: Words['storage'] = {
  full: 'El almacenamiento del teléfono está lleno. Borre algo que no necesite e inténtelo de nuevo.',
  closed: 'Otra ventana cerró el almacenamiento. Cierre esta página y ábrala de nuevo.',
  noAnswer: 'El almacenamiento del teléfono no responde. Cierre Doorstep y ábralo de nuevo; lo guardado sigue ahí.',
  failed: 'El teléfono no escribió en su almacenamiento. Inténtelo de nuevo.',
  notOpened: 'El almacenamiento de este teléfono no se abre. Cierre Doorstep y ábralo de nuevo; no se ha tocado nada.',
  lock: 'El bloqueo de este teléfono no responde. Cierre Doorstep y ábralo de nuevo; no se ha tocado nada.',
};
