/** Taking photos, and why one does not count. */
export const photos = {
  take: 'Take photo',
  another: 'Take another',
  photo: 'Photo',
  proof: 'Proof',
  sending: 'Sending',
  remove: 'Remove',
  putAway: 'Put away',
  reserveUsed:
    'The photo is saved, in the last room this phone had for it. Let the phone send what waits, and delete something you do not need.',
  notSaved: 'The photo was not saved. Take it again.',
  empty: 'This file has no content. Take it again with the camera, or choose another.',
  tooLarge: 'This picture is too large for Amazon. Take it again with the camera, or choose another.',
  notAPicture: 'This file is not a JPEG or PNG picture. Take it again with the camera, or choose another.',
  undecodable: 'This picture cannot be opened; part of it may be missing. Take it again with the camera, or choose another.',
  failed: 'The phone did not finish this picture; it may be short of memory. Close other applications and take it again.',
  doesNotCount: 'This picture does not count as proof. Take it again with the camera, or choose another.',
};
