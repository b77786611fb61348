import type { Words } from '../en';

export const entry: Words['entry'] = {
  signInOnce: 'Inicie sesión una vez con cobertura. Después, los trabajos de hoy se abren sin ella.',
  byName: 'Usar nombre y contraseña',
  byCode: 'Introducir el código de la oficina',
  backToPin: 'Volver al PIN',
  name: 'Nombre',
  password: 'Contraseña',
  signIn: 'Iniciar sesión',
  signingIn: 'Iniciando sesión',
  notATechnician: 'Esta cuenta no es de un técnico',
  notATechnicianDetail: 'El tablero está en la consola.',
  openConsole: 'Abrir la consola',
  code: 'Código de la oficina',
  scan: 'Leerlo con la cámara',
  useCode: 'Usar este código',
  asking: 'Consultando',
  install: 'Ponga primero Doorstep en la pantalla de inicio',
  installWhy:
    'En una pestaña del navegador, este teléfono borra lo que registró tras 7 días sin uso. En la pantalla de inicio se conserva.',
  installShare: 'Toque *Compartir*, el cuadrado con una flecha.',
  installAdd: 'Toque *Añadir a pantalla de inicio*, luego *Añadir*.',
  installOpen: 'Abra Doorstep desde la pantalla de inicio e inicie sesión allí.',
};
