import type { Words } from '../en';

export const photos: Words['photos'] = {
  take: 'Hacer foto',
  another: 'Hacer otra',
  photo: 'Foto',
  proof: 'Prueba',
  sending: 'Enviando',
  remove: 'Quitar',
  again: 'Repetir',
  replaced: 'Sustituida. Se quitará cuando salga de este trabajo.',
  bringBack: 'Recuperar',
  caption: 'Qué muestra',
  sample: 'Así debería verse',
  pair: (other) => `La misma vista que: ${other}`,
  putAway: 'Cerrar',
  reserveUsed:
    'La foto está guardada, en el último espacio que le quedaba al teléfono. Deje que envíe lo que espera, y borre algo que no necesite.',
  notSaved: 'La foto no se guardó. Hágala de nuevo.',
  empty: 'Este archivo no tiene contenido. Haga la foto de nuevo, o elija otra.',
  tooLarge: 'Esta imagen es demasiado grande para Amazon. Haga la foto de nuevo, o elija otra.',
  notAPicture: 'Este archivo no es una imagen JPEG ni PNG. Haga la foto de nuevo, o elija otra.',
  undecodable: 'Esta imagen no se puede abrir; quizá le falte una parte. Haga la foto de nuevo, o elija otra.',
  failed: 'El teléfono no pudo terminar esta imagen; quizá le falte memoria. Cierre otras aplicaciones y hágala de nuevo.',
  doesNotCount: 'Esta imagen no vale como prueba. Haga la foto de nuevo, o elija otra.',
};
