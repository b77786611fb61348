import type { Words } from '../en';

export const place: Words['place'] = {
  inStore: 'お客様が店に来ます',
  online: '電話またはビデオで行います。訪問はありません',
  vehicle: '車両',
  doubted: '記録する項目を確認できませんでした。この端末にあった内容がそのまま有効です。続く場合は事務所に連絡してください。',
};
