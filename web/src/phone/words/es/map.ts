import type { Later } from '../later';

export const map: Later['map'] = {
  open: 'Abrir el mapa en el navegador',
  why: 'La dirección llega entonces a OpenStreetMap y se queda en el historial de este navegador.',
  go: 'Abrir',
  stay: 'No abrir',
};
