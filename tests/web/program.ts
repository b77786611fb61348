import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program that runs beside the browser and says on its first line where it listens. */
export class Program {
  private constructor(
    private readonly process: ChildProcess,
    readonly address: string,
    private readonly log: string[],
  ) {}

  static async start(file: string, args: string[], environment: Record<string, string>): Promise<Program> {
    const child = spawn(file, args, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log: string[] = [];
    const keep = (line: string): void => void log.push(line);
    createInterface({ input: child.stderr }).on('line', keep);
    const address = await new Promise<string>((resolve, reject) => {
      const lines = createInterface({ input: child.stdout });
      lines.on('line', (line) => {
        keep(line);
        const listens = /listening on (http:\S+)/.exec(line)?.[1];
        if (listens) resolve(listens.replace(/\/$/, ''));
      });
      child.on('error', reject);
      child.on('exit', (code, signal) => {
        reject(new Error(`${file} ended (${code ?? signal}) before it listened:\n${log.join('\n')}`));
      });
    });
    return new Program(child, address, log);
  }

  /** Everything it has written so far, the newest last. */
  output(): string {
    return this.log.join('\n');
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Asks it to end and waits until it has. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill(signal);
    await ended;
  }
}
