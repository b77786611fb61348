import type { Words } from '../en';

export const report: Words['report'] = {
  title: '作業報告書',
  open: '作業報告書',
  print: '印刷またはPDFで保存',
  withAddress: 'お名前と住所を入れる',
  notSaved: '保存したPDFはこのアプリの外にあります。お渡ししたら削除してください。',
  job: '作業',
  visit: '訪問',
  doneBy: '担当者',
  times: '時刻',
  checked: '確認事項',
  numbers: 'シリアル番号',
  photos: '写真',
  signature: '署名',
  none: '記録はありません',
  back: '作業に戻る',
  photo: '訪問時の写真',
};
