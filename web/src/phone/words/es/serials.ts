import type { Words } from '../en';

export const serials: Words['serials'] = {
  serials: 'Números de serie',
  optionalSerial: 'Si lo hay',
  scan: 'Escanear',
  scanAgain: 'Escanear de nuevo',
  type: 'Escribirlo',
  number: 'Número',
  save: 'Guardar número',
  change: 'Cambiar',
  scanned: 'Escaneado',
  typed: 'Escrito',
  fromPhoto: 'Leerlo de una foto',
  nothingFound: 'No se encontró ningún código en esta foto. Tómela más de cerca o escriba el número.',
  tooLong: 'Un número tiene 64 caracteres como máximo.',
  sees: 'Lo que ve la cámara',
  typeInstead: 'Escribirlo en su lugar',
  closed: 'La cámara no se abrió. Escríbalo.',
  missing: 'La lectura de códigos aún no está en este teléfono; hace falta señal una vez. Escríbalo.',
};
