import type { Words } from '../en';

export const visit: Words['visit'] = {
  onMyWay: {
    title: '到着予定は？',
    minutes: (from, to) => `${from}〜${to}分後`,
    own: 'ほかの時刻',
    save: '時刻を保存',
    cancel: '今はしない',
    from: '開始',
    to: '終了',
    wrongOrder: '終了は開始より後の時刻にしてください。',
    said: (range) => `到着予定 ${range}`,
  },
  pause: { begin: '中断する', end: '再開する', since: (time) => `${time}から中断中` },
  correct: {
    open: (step) => `時刻を直す：${step}`,
    title: (step) => `実際の時刻：${step}`,
    tapped: (time) => `${time}に記録済み。元の時刻も残ります。`,
    time: '時刻',
    day: '日付',
    why: '理由',
    save: '時刻を直す',
    cancel: 'このままにする',
    corrected: (time) => `修正済み（記録は${time}）`,
    noTime: 'この時間帯に時計が進められたため、この時刻はありません。',
    inFuture: 'まだ来ていない時刻です。',
    tooEarly: '記録した時刻より1週間以上前です。',
    reason: {
      forgot_to_tap: '押し忘れた',
      tapped_too_early: '早く押しすぎた',
      phone_was_off: '端末の電源が切れていた',
      wrong_clock: '時計が間違っていた',
      other: 'その他の理由',
    },
  },
  crew: {
    title: '現場にいる人',
    more: '全員を表示',
    me: (name) => `${name}（あなた）`,
    unlinked: 'Amazonへの登録がまだです',
    lead: '2人以上のときは、それぞれの端末で自分の手順を記録します。「作業完了」を押した人が全員分の訪問を終えます。',
  },
};
