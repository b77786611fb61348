// What the page of repair says. All languages are here at once: nothing can be fetched where it is shown.

import { counting, listing } from '../phone/words/counting';
import type { Language } from '../phone/words/languages';

export interface RepairWords {
  missing: string;
  cleared: string;
  next: string;
  openAgain: string;
  untouched: string;
  nothingWaits: string;
  kept: (photos: number, changes: number) => string;
}

interface Parts {
  photos: { one?: string; other: string };
  changes: { one?: string; other: string };
  kept: (what: string) => string;
}

/** `1 photo and 2 changes`, in the sentence of its language. */
function keeping(language: Language, { photos, changes, kept }: Parts): RepairWords['kept'] {
  const many = counting(language);
  const list = listing(language);
  return (photoCount, changeCount) => {
    const parts = photoCount > 0 ? [many(photoCount, photos)] : [];
    if (changeCount > 0) parts.push(many(changeCount, changes));
    return kept(list(parts));
  };
}

export const repairWords: Record<Language, RepairWords> = {
  en: {
    missing: 'A part of this app is missing',
    cleared: 'This phone has cleared files that Doorstep needs to open.',
    next: 'Find a network, then open it again: the missing part is fetched by itself. Do not delete the app or its data.',
    openAgain: 'Open again',
    untouched: 'What you recorded is not touched by this.',
    nothingWaits: 'Nothing you recorded is waiting on this phone.',
    kept: keeping('en', {
      photos: { one: '# photo', other: '# photos' },
      changes: { one: '# change', other: '# changes' },
      kept: (what) => `What you recorded is kept: ${what} on this phone.`,
    }),
  },
  de: {
    missing: 'Ein Teil dieser App fehlt',
    cleared: 'Dieses Telefon hat Dateien gelöscht, die Doorstep zum Öffnen braucht.',
    next: 'Gehen Sie dahin, wo es Netz gibt, und öffnen Sie die App neu: der fehlende Teil wird von selbst geholt. Löschen Sie weder die App noch ihre Daten.',
    openAgain: 'Neu öffnen',
    untouched: 'Was Sie erfasst haben, ist davon nicht berührt.',
    nothingWaits: 'Von dem, was Sie erfasst haben, wartet nichts auf diesem Telefon.',
    kept: keeping('de', {
      photos: { one: '# Foto', other: '# Fotos' },
      changes: { one: '# Änderung', other: '# Änderungen' },
      kept: (what) => `Was Sie erfasst haben, ist aufbewahrt: ${what} auf diesem Telefon.`,
    }),
  },
  ja: {
    missing: 'このアプリの一部がありません',
    cleared: 'Doorstepを開くのに必要なファイルが、この端末から消去されました。',
    next: 'ネットワークのある場所で開き直してください。足りない部分は自動で取得されます。アプリもデータも削除しないでください。',
    openAgain: '開き直す',
    untouched: '記録への影響はありません。',
    nothingWaits: 'この端末に送信待ちの記録はありません。',
    kept: keeping('ja', {
      photos: { other: '写真#枚' },
      changes: { other: '変更#件' },
      kept: (what) => `記録はこの端末に保管されています：${what}。`,
    }),
  },
  hi: {
    missing: 'इस ऐप का एक हिस्सा नहीं है',
    cleared: 'इस फ़ोन ने वे फ़ाइलें मिटा दी हैं जो Doorstep को खुलने के लिए चाहिए।',
    next: 'नेटवर्क में जाकर इसे फिर खोलें: जो हिस्सा नहीं है वह अपने आप आ जाएगा। ऐप या उसका डेटा न मिटाएँ।',
    openAgain: 'फिर खोलें',
    untouched: 'आपने जो दर्ज किया उस पर इसका असर नहीं है।',
    nothingWaits: 'आपका दर्ज किया कुछ भी इस फ़ोन पर बाकी नहीं है।',
    kept: keeping('hi', {
      photos: { other: '# फ़ोटो' },
      changes: { other: '# बदलाव' },
      kept: (what) => `आपने जो दर्ज किया वह रखा है: इस फ़ोन पर ${what}।`,
    }),
  },
  es: {
    missing: 'Falta una parte de esta aplicación',
    cleared: 'Este teléfono ha borrado archivos que Doorstep necesita para abrirse.',
    next: 'Vaya donde haya red y ábrala de nuevo: la parte que falta se descarga sola. No borre la aplicación ni sus datos.',
    openAgain: 'Abrir de nuevo',
    untouched: 'Lo que registró no se ve afectado.',
    nothingWaits: 'Nada de lo que registró espera en este teléfono.',
    kept: keeping('es', {
      photos: { one: '# foto', other: '# fotos' },
      changes: { one: '# cambio', other: '# cambios' },
      kept: (what) => `Lo que registró está guardado: ${what} en este teléfono.`,
    }),
  },
  fr: {
    missing: 'Il manque une partie de cette application',
    cleared: 'Ce téléphone a effacé des fichiers dont Doorstep a besoin pour s’ouvrir.',
    next: 'Allez là où il y a du réseau, puis ouvrez-la à nouveau : la partie manquante est récupérée d’elle-même. Ne supprimez ni l’application ni ses données.',
    openAgain: 'Ouvrir à nouveau',
    untouched: 'Ce que vous avez enregistré n’est pas touché.',
    nothingWaits: 'Rien de ce que vous avez enregistré n’attend sur ce téléphone.',
    kept: keeping('fr', {
      photos: { one: '# photo', other: '# photos' },
      changes: { one: '# modification', other: '# modifications' },
      kept: (what) => `Ce que vous avez enregistré est gardé : ${what} sur ce téléphone.`,
    }),
  },
};
