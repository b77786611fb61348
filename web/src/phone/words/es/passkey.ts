import type { Words } from '../en';

export const passkey: Words['passkey'] = {
  title: 'Desbloquear con el bloqueo de este teléfono',
  why: 'Su huella, su cara o el bloqueo de pantalla pueden abrir Doorstep en este teléfono. El PIN sigue sirviendo.',
  isOn: 'Su huella, su cara o el bloqueo de pantalla abren Doorstep en este teléfono. El PIN también.',
  add: 'Usarlo',
  notNow: 'Ahora no',
  remove: 'Usar solo el PIN',
  unlock: 'Desbloquear con huella, cara o bloqueo de pantalla',
  dismissed: 'No se ha cambiado nada. Inténtelo otra vez o use el PIN.',
  unable: 'Este teléfono no puede hacerlo. El PIN lo abre como antes.',
  usePin: 'No se ha abierto. Use el PIN; no se ha perdido nada.',
};
