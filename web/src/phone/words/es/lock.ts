import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('es');

export const lock: Words['lock'] = {
  choose: 'Elija un PIN',
  again: 'Introdúzcalo de nuevo',
  chooseWhy: '8 cifras o más. Abre los trabajos de hoy en este teléfono, sin red. Nadie más lo conoce, ni siquiera la oficina.',
  againWhy: 'Las mismas cifras otra vez, para que un descuido no le deje fuera.',
  pin: 'PIN',
  account: (name) => `${name} · PIN`,
  next: 'Siguiente',
  use: 'Usar este PIN',
  locking: 'Protegiendo los trabajos',
  differ: 'No coinciden. Elija el PIN de nuevo.',
  chooseFailed: 'El teléfono no terminó. Elija el PIN de nuevo.',
  locked: 'Bloqueado',
  lockedWhy: (name) => `${name}, su PIN abre los trabajos de hoy. No hace falta red.`,
  unlock: 'Desbloquear',
  unlocking: 'Desbloqueando',
  forgot: '¿Olvidó el PIN? Inicie sesión con su contraseña',
  unlockFailed: 'El teléfono no terminó. Inténtelo de nuevo; no se ha perdido nada.',
  digits: 'Cifras',
  delete: 'Borrar',
  notDigits: 'Un PIN solo tiene cifras.',
  tooShort: 'Use 8 cifras o más. Con menos, quien copiara el contenido de este teléfono podría probarlas todas.',
  tooLong: 'Use 16 cifras o menos.',
  repeats: 'Las cifras repetidas se prueban primero. Elija otras.',
  run: 'Las cifras seguidas se prueban primero. Elija otras.',
  another: 'Elija otro PIN.',
  wrong: (left) => `PIN incorrecto. ${left}`,
  wrongWait: (wait, left) => `PIN incorrecto. Espere ${wait}. ${left}`,
  triesLeft: (n) =>
    `${many(n, { one: 'Queda # intento', other: 'Quedan # intentos' })}. Después los trabajos salen de este teléfono; lo que registró se queda.`,
  wait: (wait) => `Espere ${wait} e inténtelo de nuevo.`,
  broken: 'Este teléfono perdió parte de su bloqueo. Inicie sesión con su contraseña; lo que registró está guardado.',
  clockBack: (much) =>
    `El reloj de este teléfono se atrasó ${much}. Vaya donde haya red y desbloquee de nuevo: el servidor da la hora. Lo que registró está guardado.`,
  leaseEnded: 'Los trabajos de este teléfono han caducado. Inicie sesión con red',
  wrongPins: 'Diez PIN incorrectos: los trabajos han salido de este teléfono. Inicie sesión con red',
  revoked: 'La oficina ha quitado los trabajos de este teléfono. Pregunte en la oficina',
  endedKept: (why, unsent) => `${why}; lo que registró está guardado: ${unsent}.`,
  endedSafe: (why) => `${why}. Todo lo que registró está en el servidor.`,
};
