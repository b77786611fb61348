// What a scan looks for. The page, the browser's own detector and our decoder each spell the kinds in their own way.

import type { ReadInputBarcodeFormat } from 'zxing-wasm/reader';

/** A code of the office, or whatever a maker prints on a label. */
export type Sought = 'office_code' | 'serial';

/** As `BarcodeDetector` names them. */
export const BROWSER_FORMATS: Record<Sought, string[]> = {
  office_code: ['qr_code'],
  serial: ['code_128', 'code_39', 'code_93', 'data_matrix', 'ean_13', 'itf', 'pdf417', 'qr_code', 'upc_a'],
};

/** As zxing-cpp names them. */
export const DECODER_FORMATS: Record<Sought, ReadInputBarcodeFormat[]> = {
  office_code: ['QRCode'],
  serial: ['Code128', 'Code39', 'Code93', 'DataMatrix', 'EAN13', 'ITF', 'PDF417', 'QRCode', 'UPCA'],
};

export function hasCamera(): boolean {
  return 'mediaDevices' in navigator;
}
