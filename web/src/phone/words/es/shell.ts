import type { Words } from '../en';

export const shell: Words['shell'] = {
  stopped: 'Esta página se detuvo. Lo guardado está en este teléfono.',
  openAgain: 'Abrir de nuevo',
  newVersion: 'Hay una versión nueva',
  reload: 'Recargar',
  otherVersion:
    'La aplicación y el servidor tienen versiones distintas. Actualice primero; no se pierde nada: lo que registre se queda aquí hasta entonces.',
  lookAgain: 'Mirar de nuevo',
  cleared: (when, gone) => `El almacenamiento de este teléfono se borró después de ${when}. ${gone} Inicie sesión para seguir.`,
  nothingLost: 'Entonces no había nada por enviar.',
  lost: (what) => `Sin enviar y sin recuperación: ${what}. Avise a la oficina.`,
  opening: 'Abriendo',
  notRecorded: 'No se registró. Inténtelo de nuevo, o escriba una nota y avise a la oficina.',
  notHereYet: 'Esta parte de la aplicación aún no está en este teléfono; hace falta señal una vez.',
};
