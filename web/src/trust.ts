// The one Trusted Types policy of ours: it returns addresses of our own scripts and nothing else.

interface Policy {
  createScriptURL(url: string): string;
}

interface Factory {
  createPolicy(name: string, rules: Policy): Policy;
}

function ownScript(url: string): string {
  const target = new URL(url, location.origin);
  const ours = target.pathname === '/sw.js' || target.pathname.startsWith('/assets/') || import.meta.env.DEV;
  if (target.origin !== location.origin || !ours) throw new TypeError('not a script of this application');
  return target.href;
}

const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
const policy = factory?.createPolicy('doorstep', { createScriptURL: ownScript });

/** The address as a value that a worker may be started from. Where Trusted Types are missing it is a plain string. */
export function scriptAddress(url: string): string {
  return policy ? policy.createScriptURL(url) : ownScript(url);
}
