import type { Words } from '../en';

export const passkey: Words['passkey'] = {
  title: 'Mit der Sperre dieses Telefons entsperren',
  why: 'Fingerabdruck, Gesicht oder Displaysperre können Doorstep auf diesem Telefon öffnen. Die PIN bleibt als zweiter Weg.',
  isOn: 'Fingerabdruck, Gesicht oder Displaysperre öffnen Doorstep auf diesem Telefon. Die PIN auch.',
  add: 'Verwenden',
  notNow: 'Jetzt nicht',
  remove: 'Nur die PIN verwenden',
  unlock: 'Mit Fingerabdruck, Gesicht oder Displaysperre entsperren',
  dismissed: 'Es wurde nichts geändert. Versuchen Sie es noch einmal oder nehmen Sie die PIN.',
  unable: 'Dieses Telefon kann das nicht. Die PIN öffnet wie bisher.',
  usePin: 'Das hat nicht geöffnet. Nehmen Sie die PIN; es ist nichts verloren.',
};
