import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('es');

export const sync: Words['sync'] = {
  sync: 'Sincronización',
  notSaved: (why) => `Sin guardar: ${why}`,
  signedOut: 'El servidor ha cerrado su sesión. Todo lo registrado está en este teléfono. Inicie sesión para enviarlo.',
  lastContact: 'Último contacto',
  noneYet: 'Ninguno aún',
  waiting: 'En espera',
  toSend: (what) => `${what} por enviar`,
  stepsAndAnswers: 'Pasos y respuestas',
  photos: 'Fotos',
  refused: 'Rechazado',
  refusedTimes: (n) =>
    `${many(n, { one: '# vez', other: '# veces' })} el servidor no aceptó algo. No se ha perdido nada: está guardado allí o en este teléfono.`,
  clock: 'Reloj',
  storage: 'Almacenamiento',
  used: (used, all) => `${used} de ${all} usados.`,
  nearlyFull: 'Queda poco espacio para fotos: borre algo que no necesite en este teléfono.',
  noReserve: 'No se pudo reservar espacio para las próximas fotos.',
  mayBeCleared: 'El navegador puede borrarlo cuando al teléfono le falte espacio.',
  withoutNetwork: 'Sin red',
  askToKeep: 'Pedir al navegador que lo conserve',
  install: 'Instalar Doorstep en este teléfono',
  tryNow: 'Probar ahora',
  place: 'Lugar',
  placeWhy:
    'Los pasos y las fotos se registran sin lugar. Si lo permite, el lugar se guarda cifrado con la visita, para la oficina, y se borra con los datos de la visita.',
  placeToo: 'Registrar también el lugar',
  lockNow: 'Bloquear ahora',
  signedInAs: (name) => `Sesión de ${name}`,
  leaving: (unsent) =>
    `Sin enviar aún: ${unsent}. Se queda en este teléfono, bloqueado, y se envía cuando vuelva a iniciar sesión aquí. No borre la aplicación antes.`,
  leavingSafe:
    'Todo lo que registró está en el servidor. Los trabajos de hoy quedan bloqueados en este teléfono hasta que vuelva a iniciar sesión.',
  signOut: 'Cerrar sesión',
  signOutAsk: 'Cerrar sesión …',
  stay: 'Quedarse',
  leftUntold: 'La sesión de este teléfono está cerrada. No se avisó al servidor; allí termina sola.',
  oldestWaits: (age) => `lo más antiguo espera ${age}`,
  sendingNow: 'enviando ahora',
  nextTry: (wait) => `próximo intento en ${wait}`,
  allSafe: 'Todo a salvo',
  allSafeSince: (time) => `Todo a salvo desde ${time}`,
  lastSent: (time) => `último envío ${time}`,
  notAllSafe: 'No todo está a salvo',
  noneToSend: 'Ninguna por enviar',
  someSafe: (safe, all) => `${many(safe, { other: '#' })} de ${many(all, { other: '#' })} a salvo`,
  unreachable: 'El servidor no responde; quizá no haya cobertura.',
  signInAgain: 'El servidor quiere que inicie sesión de nuevo.',
};
