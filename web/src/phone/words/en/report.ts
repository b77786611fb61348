/** What the technician shows or prints when the work is done. */
export const report = {
  title: 'Service report',
  open: 'Service report',
  print: 'Print or save as PDF',
  withAddress: 'With name and address',
  notSaved: 'A saved PDF is outside this app: delete it when you have handed it over.',
  job: 'Job',
  visit: 'Visit',
  doneBy: 'Done by',
  times: 'Times',
  checked: 'Checked',
  numbers: 'Serial numbers',
  photos: 'Photos',
  signature: 'Signature',
  none: 'Nothing recorded',
  back: 'Back to the job',
  photo: 'A photo of the visit',
};
