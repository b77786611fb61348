import type { Words } from '../en';

export const visit: Words['visit'] = {
  onMyWay: {
    title: '¿Cuándo llegará?',
    minutes: (from, to) => `En ${from} a ${to} min`,
    own: 'Otras horas',
    save: 'Guardar horas',
    cancel: 'Ahora no',
    from: 'Desde',
    to: 'Hasta',
    wrongOrder: 'La segunda hora debe ser posterior a la primera.',
    said: (range) => `Llegada ${range}`,
  },
  pause: { begin: 'Pausa', end: 'Continuar', since: (time) => `En pausa desde las ${time}` },
  correct: {
    open: (step) => `Corregir la hora: ${step}`,
    title: (step) => `¿Cuándo fue? ${step}`,
    tapped: (time) => `Registrado a las ${time}. Eso queda guardado.`,
    time: 'Hora',
    day: 'Día',
    why: 'Por qué',
    save: 'Corregir la hora',
    cancel: 'Dejarla como está',
    corrected: (time) => `Corregida; registrado a las ${time}`,
    noTime: 'A esa hora se adelantaron los relojes. Esa hora no existió.',
    inFuture: 'Esta hora aún no ha llegado.',
    tooEarly: 'Es más de una semana antes de registrarlo.',
    reason: {
      forgot_to_tap: 'Olvidé tocar',
      tapped_too_early: 'Toqué demasiado pronto',
      phone_was_off: 'El teléfono estaba apagado',
      wrong_clock: 'El reloj iba mal',
      other: 'Otro motivo',
    },
  },
  crew: {
    title: 'Quién está aquí',
    more: 'Mostrar a todos los compañeros',
    me: (name) => `${name} (usted)`,
    unlinked: 'aún sin vincular en Amazon',
    lead: 'Si son dos o más, cada teléfono registra sus propios pasos. Quien toque Fin cierra la visita para todos.',
  },
};
