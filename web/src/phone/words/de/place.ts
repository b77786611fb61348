import type { Words } from '../en';

export const place: Words['place'] = {
  inStore: 'Der Käufer kommt ins Geschäft',
  online: 'Per Anruf oder Video; niemand fährt hin',
  vehicle: 'Fahrzeug',
  doubted: 'Was zu erfassen ist, ließ sich auf dem Weg hierher nicht prüfen. Es gilt, was dieses Telefon vorher hatte. Bleibt das so, sagen Sie dem Büro Bescheid.',
};
