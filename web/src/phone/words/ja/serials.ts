import type { Words } from '../en';

export const serials: Words['serials'] = {
  serials: 'シリアル番号',
  optionalSerial: 'ある場合のみ',
  scan: 'スキャン',
  scanAgain: 'スキャンし直す',
  type: '入力する',
  number: '番号',
  save: '番号を保存',
  change: '変更',
  scanned: 'スキャン済み',
  typed: '入力済み',
  fromPhoto: '写真から読み取る',
  nothingFound: 'この写真にコードが見つかりません。近づいて撮るか、番号を入力してください。',
  tooLong: '番号は64文字までです。',
  sees: 'カメラの映像',
  typeInstead: '代わりに入力する',
  closed: 'カメラを開けませんでした。入力してください。',
  missing: 'コードの読み取りはまだこの電話にありません。一度だけ電波が必要です。入力してください。',
};
