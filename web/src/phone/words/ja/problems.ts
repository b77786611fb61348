import { counting } from '../counting';
import type { Words } from '../en';

const many = counting('ja');

export const problems: Words['problems'] = {
  told: {
    name_or_password_wrong: {
      title: '名前とパスワードが一致しません',
      detail: '両方を確かめて、もう一度試してください。大文字と小文字は区別されます。',
    },
    enrolment_needed: { title: 'この端末はまだ登録されていません', detail: '事務所でコードをもらい、ここに入力してください。' },
    code_wrong: {
      title: 'このコードは使えません',
      detail: 'もう一度確かめるか、事務所で新しいコードをもらってください。コードは15分間、1回だけ使えます。',
    },
    signed_out: { title: 'サインアウトしています', detail: 'もう一度サインインしてください。この端末のものは失われていません。' },
    phone_revoked: {
      title: '事務所がこの端末を一覧から外しました',
      detail: '記録は保管され、送信も続きます。事務所に確認してください。',
    },
    unlock_wanted: {
      title: '先にこの端末のロックを解除してください',
      detail: 'PINで解除するか、もう一度サインインしてください。保存済みのものは残ります。',
    },
    not_your_role: { title: 'この役割ではできません', detail: 'この役割のあるアカウントでサインインしてください。' },
    no_such_visit: {
      title: 'この訪問はあなたの一覧にありません',
      detail: '誰に割り当てられたか事務所に確認してください。記録はこの端末に残ります。',
    },
    visit_expired: {
      title: 'この訪問のデータの保管期間が過ぎました',
      detail: 'これ以上は追加できません。事務所に知らせてください。',
    },
    photo_not_on_phone: {
      title: '画像がもうこの端末にありません',
      detail: 'サーバーにもありません。ここで削除して撮り直してください。',
    },
    photo_empty: { title: '写真の中身がありません', detail: '撮り直してください。' },
    photo_too_large: { title: '写真がAmazonの上限を超えています', detail: '小さくして撮り直してください。' },
    photo_not_jpeg_or_png: { title: 'JPEGでもPNGでもありません', detail: 'カメラで撮り直してください。' },
    photo_key_gone: { title: '写真が古くて開けません', detail: '撮り直すか、事務所に知らせてください。' },
    photo_does_not_open: {
      title: '写真が開けません。壊れている可能性があります',
      detail: '撮り直すか、事務所に知らせてください。',
    },
    photo_not_safe: { title: 'サーバーにはまだこの写真がありません', detail: '先に、写真の入ったファイルを届けてください。' },
    photo_damaged: { title: '画像が壊れています', detail: '撮り直してください。' },
    photo_too_many_pixels: { title: '画像の画素数が写真の上限を超えています', detail: '小さくして撮り直してください。' },
    photo_envelope_unknown: { title: 'サーバーが知らない形式の写真です', detail: '写真はこの端末に残ります。アプリを読み込み直すか、事務所に知らせてください。' },
    not_a_bundle: { title: 'これは端末の未送信の記録のファイルではありません', detail: 'Doorstepが保存した、.dsrで終わるファイルを選んでください。' },
    bundle_version_unknown: { title: 'このファイルはサーバーより新しいものです', detail: '保管して事務所に知らせてください。更新の後で届けられます。' },
    name_too_long: { title: '名前が長すぎます', detail: '確かめて、もう一度試してください。' },
    upload_differs: {
      title: 'サーバーには別の写真があります',
      detail: '写真はこの端末に残ります。事務所に知らせてください。',
    },
    receipt_differs: {
      title: 'サーバーにある写真の内容が異なります',
      detail: '写真はこの端末に残ります。事務所に知らせてください。',
    },
    sync_version_unknown: {
      title: 'アプリとサーバーのバージョンが異なります',
      detail: 'アプリを読み込み直してください。端末に保存したものは残ります。',
    },
    too_large: { title: '1回で送れる量を超えています', detail: '少しずつ送ってください。' },
    internal: {
      title: 'サーバーで問題が起きました',
      detail: '少し待ってから、もう一度試してください。端末に保存したものは残ります。',
    },
  },
  tooManyAttempts: '試した回数が多すぎます',
  waitMinutes: (n) => many(n, { other: '#分待ってから、もう一度試してください。' }),
  noConnection: '接続できません',
  noConnectionDetail: 'サーバーから応答がありませんでした。電波のある場所でもう一度試してください。',
  didNotWork: 'うまくいきませんでした',
  didNotWorkDetail: 'もう一度試してください。この端末に保存したものは残ります。',
};
