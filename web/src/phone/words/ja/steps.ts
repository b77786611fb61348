import type { Words } from '../en';

export const steps: Words['steps'] = {
  step: { on_my_way: '移動中', arrived: '到着', started: '作業開始', finished: '作業完了' },
  answer: { yes: 'はい', no: 'いいえ', not_applicable: '該当なし' },
  steps: '手順',
  proof: '証明',
  done: '済み',
  show: '表示',
  recordAgain: (step) => `${step}を記録し直す`,
  now: (step) => `${step}を記録`,
  backToToday: '今日の一覧へ戻る',
  startWithoutProduct: '商品は未配達です。それでも開始する',
  finishForAll: (names) => `作業中：${names}。全員分を終了する`,
  takePhotoOf: (shot) => `写真を撮る：${shot}`,
  next: (place) => `次：${place}`,
  seeWhatChanged: 'Amazonでの変更を見る',
  notStarted: '未開始',
  keepsOpen: 'この回答では作業を終えられません。直すか、メモを書いて事務所に電話してください。',
};
