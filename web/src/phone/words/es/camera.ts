import type { camera as english } from '../en/camera';

/** The camera in the page, and what became of the phone's own. */
export const camera: typeof english = {
  here: 'Cámara en esta página',
  shutter: 'Hacer la foto',
  close: 'Cerrar',
  light: 'Luz',
  opening: 'La cámara se está abriendo.',
  refused:
    'Esta página no puede usar la cámara. Permítalo en los ajustes del navegador para esta página, o cierre esto y use la cámara del teléfono.',
  none: 'Esta página no encuentra ninguna cámara en este teléfono. Cierre esto y use la cámara del teléfono.',
  busy: 'La cámara no se abrió; quizá la esté usando otra aplicación. Ciérrela e inténtelo de nuevo, o use la cámara del teléfono.',
  away: 'La cámara se apagó mientras esta página no estaba a la vista.',
  again: 'Abrir la cámara',
  lost: (at) =>
    `La cámara se abrió a las ${at} y no llegó ninguna foto. Todo lo demás se conserva. Haga la foto de nuevo; si esta página vuelve a cerrarse, use la cámara en esta página.`,
  larger: (about) => `Mostrar más grande: ${about}`,
};
