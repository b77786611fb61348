export { camera } from './camera';
export { otherwise } from './otherwise';
export { reasons } from './reasons';
