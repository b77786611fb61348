import type { Words } from '../en';

export const entry: Words['entry'] = {
  signInOnce: '電波のある場所で一度サインインしてください。その後は、今日の作業を電波なしで開けます。',
  byName: '名前とパスワードを使う',
  byCode: '事務所のコードを入力する',
  backToPin: 'PINに戻る',
  name: '名前',
  password: 'パスワード',
  signIn: 'サインイン',
  signingIn: 'サインイン中',
  notATechnician: 'これは技術者のアカウントではありません',
  notATechnicianDetail: '一覧はコンソールにあります。',
  openConsole: 'コンソールを開く',
  code: '事務所のコード',
  scan: 'カメラで読み取る',
  useCode: 'このコードを使う',
  asking: '確認中',
  install: '先にDoorstepをホーム画面に追加してください',
  installWhy: 'ブラウザーのタブでは、7日間使わないと記録が端末から消えます。ホーム画面に追加すれば残ります。',
  installShare: '*共有*（矢印の付いた四角）をタップします。',
  installAdd: '*ホーム画面に追加*をタップし、*追加*をタップします。',
  installOpen: 'ホーム画面からDoorstepを開き、そこでサインインします。',
};
