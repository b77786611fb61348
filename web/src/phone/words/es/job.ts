import type { Words } from '../en';

export const job: Words['job'] = {
  navigate: 'Cómo llegar',
  call: 'Llamar',
  movedOrCancelled: 'Esta visita se cambió o canceló en Amazon. Lo que registró está guardado. Llame a la oficina.',
  closed: (status) => `${status}. Lo que registró está guardado.`,
  imported:
    'Este trabajo viene de un archivo; Amazon aún no lo ha confirmado. Registre la visita como siempre: todo se guarda, y antes no se envía nada a Amazon.',
  companion: 'Este trabajo se cierra en la aplicación de Amazon. Lo que registre aquí se guarda como prueba y no se envía.',
  documentComing:
    'El cierre de este trabajo aún está en camino a este teléfono. Podrá registrar cuando llegue; para eso hace falta cobertura una vez.',
  notOffline: 'Este trabajo aún no está disponible sin conexión. Quédese donde haya cobertura hasta que lo esté.',
  notes: 'Notas',
  notesFor: 'Para la oficina; Amazon no las recibe',
  gone: 'Este trabajo ya no está en este teléfono. La lista de hoy tiene todos los que sí.',
};
