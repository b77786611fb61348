import type { camera as english } from '../en/camera';

/** The camera in the page, and what became of the phone's own. */
export const camera: typeof english = {
  here: 'Caméra dans cette page',
  shutter: 'Prendre la photo',
  close: 'Fermer',
  light: 'Lumière',
  opening: 'La caméra s’ouvre.',
  refused:
    'Cette page ne peut pas utiliser la caméra. Autorisez-la dans les réglages du navigateur pour cette page, ou fermez ceci et utilisez l’appareil photo du téléphone.',
  none: 'Cette page ne trouve aucune caméra sur ce téléphone. Fermez ceci et utilisez l’appareil photo du téléphone.',
  busy: 'La caméra ne s’est pas ouverte ; une autre application l’utilise peut-être. Fermez-la et réessayez, ou utilisez l’appareil photo du téléphone.',
  away: 'La caméra a été éteinte pendant que cette page n’était pas affichée.',
  again: 'Ouvrir la caméra',
  lost: (at) =>
    `L’appareil photo a été ouvert à ${at} et aucune photo n’en est revenue. Tout le reste est conservé. Reprenez la photo ; si cette page se ferme encore, utilisez la caméra dans cette page.`,
  larger: (about) => `Agrandir : ${about}`,
};
