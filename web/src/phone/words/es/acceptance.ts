import type { Words } from '../en';

export const acceptance: Words['acceptance'] = {
  relation: {
    buyer: 'La persona que compró',
    household: 'Alguien de la casa',
    neighbour: 'Alguien del vecindario',
    representative: 'Alguien en su nombre',
    other: 'Otra persona',
  },
  unsigned: {
    refused: 'No quiso firmar',
    not_home: 'No había nadie',
    cannot_sign: 'No pudo firmar',
  },
  signature: 'Firma',
  optional: 'Firma, si alguien quiere firmar',
  signHere: 'Firme aquí',
  who: 'Quién firma',
  name: 'Su nombre',
  clear: 'Borrar',
  save: 'Guardar firma',
  again: 'Firmar de nuevo',
  tooLittle: 'Es solo un punto. Firme con una línea completa.',
  nobody: 'Nadie firma',
  notNow: 'Ahora no',
  signedAt: (who, time) => `${who}, ${time}`,
};
