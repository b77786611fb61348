import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('ja');

export const findings: Words['findings'] = {
  rule: {
    job_closed: () => 'Amazonがこの作業を終了しました。作業を続ける前に事務所に電話してください',
    appointment_moved: () => 'この訪問はAmazonで変更またはキャンセルされました。事務所に電話してください',
    job_vanished: () => 'この作業はAmazonに表示されなくなりました。作業を続ける前に事務所に電話してください',
    moved_during_work: () => '作業開始後に訪問の日時が変更されました。記録を有効とするかは事務所が決めます',
    visit_reassigned: () => 'Amazonがこの訪問を別の人に割り当てました。記録を有効とするかは事務所が決めます',
    product_not_arrived: () => 'Amazonではまだ商品が配達済みになっていません',
    technician_unlinked: () => '事務所でのAmazonへの登録がまだです。作業は続けられます。事務所には表示されています',
    step_missing: (place) => `${place}が記録されていません`,
    step_out_of_order: (place) => `${place}が前の手順より先に記録されています。記録し直してください`,
    answer_missing: (place) => `未回答：${place}`,
    answer_unacceptable: (place) => `この回答では作業を終えられません：${place}`,
    shot_missing: (place, amount) => `${many(amount, { other: '写真があと#枚必要' })}：${place}`,
    too_few_photos: (_, amount) => many(amount, { other: '写真があと#枚必要' }),
    photo_too_large: (place) => `写真がAmazonの上限を超えています：${place}。削除して撮り直してください`,
    photo_empty: (place) => `写真の中身がありません：${place}。削除して撮り直してください`,
    clock_off: (much) => `この端末の時計は${much}います。時刻はサーバーに合わせて直されます。記録は失われません`,
    conflict: (place) => `2台の端末で異なる内容が記録されています：${place}。両方とも残っています。表示中の内容を確認してください`,
  },
  behind: (much) => `${much}遅れて`,
  ahead: (much) => `${much}進んで`,
  goodToKnow: (finding) => `参考：${finding}`,
  photos: '写真',
};
