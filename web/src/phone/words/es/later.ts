export { camera } from './camera';
export { map } from './map';
export { otherwise } from './otherwise';
export { reasons } from './reasons';
