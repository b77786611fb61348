import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Program } from './program';
import { Sandbox } from './sandbox';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const BIN = process.env.DOORSTEP_BIN ?? join(ROOT, 'target/debug');
/** The pages as built. */
export const WEB = process.env.DOORSTEP_WEB ?? join(ROOT, 'web/dist');

/** What the sandbox expects of the seller. */
const SELLER = {
  DOORSTEP_LWA_CLIENT_ID: 'amzn1.application-oa2-client.sandbox',
  DOORSTEP_LWA_CLIENT_SECRET: 'amzn1.oa2-cs.v1.sandbox',
  DOORSTEP_LWA_REFRESH_TOKEN: 'Atzr|sandbox',
  DOORSTEP_MARKETPLACE_ID: 'ATVPDKIKX0DER',
  DOORSTEP_TIME_ZONE: 'America/New_York',
};

/** The stand-in for Amazon by itself. */
export function sandboxProgram(args: string[]): Promise<Program> {
  return Program.start(join(BIN, 'doorstep-sandbox'), args, {});
}

export interface Person {
  name: string;
  password: string;
}

/** How a stack begins. */
export interface Start {
  /** Leaves every write to Amazon switched off. */
  observing?: boolean;
  /** How many jobs the technician has. */
  jobs?: number;
  /** Amazon's day with all that a seller meets in one, instead of the plain rounds. */
  scenario?: 'day';
}

/** The sandbox with a day around now, the server on SQLite beside it, a technician and a supervisor. */
export class Stack {
  readonly technician: Person = { name: 'robin', password: randomBytes(12).toString('hex') };
  readonly supervisor: Person = { name: 'alex', password: randomBytes(12).toString('hex') };
  readonly administrator: Person = { name: 'sam', password: randomBytes(12).toString('hex') };
  #server: Program | undefined;

  private constructor(
    private readonly data: string,
    private readonly amazon: Program,
    private readonly settings: Record<string, string>,
  ) {}

  /** `settings` go to the server's environment over our own. */
  static async start(settings: Record<string, string> = {}, { observing = false, jobs = 8, scenario }: Start = {}): Promise<Stack> {
    const data = await mkdtemp(join(tmpdir(), 'doorstep-story-'));
    const laid = scenario ? ['--scenario', scenario] : ['--day', 'today'];
    const day = ['--listen', '127.0.0.1:0', ...laid, '--jobs', String(jobs), '--rates', 'off'];
    const amazon = await sandboxProgram(day);
    const stack = new Stack(data, amazon, {
      ...SELLER,
      DOORSTEP_DATA: data,
      DOORSTEP_LISTEN: '127.0.0.1:0',
      DOORSTEP_WEB: WEB,
      DOORSTEP_SPAPI_ENDPOINT: amazon.address,
      DOORSTEP_LWA_ENDPOINT: amazon.address,
      ...settings,
    });
    try {
      const links = ['--technician-id', 'TECHA1', '--resource-id', 'RESA1'];
      await stack.#add(stack.technician, 'technician', links);
      await stack.#add(stack.supervisor, 'supervisor', []);
      // A new connection only observes.
      if (!observing) await stack.#run(['connection', 'allow', '--all-writes']);
      await stack.startServer();
    } catch (problem) {
      await stack.stop();
      throw problem;
    }
    return stack;
  }

  /** Amazon's side, to look at and to steer. */
  get sandbox(): Sandbox {
    return new Sandbox(this.amazon.address);
  }

  get server(): Program {
    if (!this.#server) throw new Error('the server is not running');
    return this.#server;
  }

  /** Where people sign in. It stays the same when the server is started again. */
  get address(): string {
    return this.server.address;
  }

  /** Starts the server, or starts it again where it was. */
  async startServer(): Promise<void> {
    const before = this.#server?.address;
    const listen = before ? { DOORSTEP_LISTEN: new URL(before).host } : {};
    this.#server = await Program.start(join(BIN, 'doorstep'), ['serve'], { ...this.settings, ...listen });
  }

  /** Starts the server again with other pages. */
  async deploy(web: string): Promise<void> {
    await this.server.stop();
    this.settings['DOORSTEP_WEB'] = web;
    await this.startServer();
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    await this.amazon.stop();
    await rm(this.data, { recursive: true });
  }

  /** Hashing a password takes a moment, so only stories that need the administrator make one. */
  async addAdministrator(): Promise<void> {
    await this.#add(this.administrator, 'administrator', []);
  }

  /** A second technician with jobs of the same day. */
  async addColleague(): Promise<Person> {
    const colleague = { name: 'kim', password: randomBytes(12).toString('hex') };
    await this.#add(colleague, 'technician', ['--technician-id', 'TECHB2', '--resource-id', 'RESB2']);
    return colleague;
  }

  async #add(person: Person, role: string, links: string[]): Promise<void> {
    await this.#run(['user', 'add', '--name', person.name, '--role', role, ...links, '--password-stdin'], person.password);
  }

  async #run(args: string[], input = ''): Promise<void> {
    const command = spawn(join(BIN, 'doorstep'), args, {
      // What goes as it should is nothing to read between the stories.
      env: { ...process.env, RUST_LOG: 'warn', ...this.settings },
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    // One that asks for nothing may end before it is told; its exit code says what came of it.
    command.stdin.on('error', () => undefined);
    command.stdin.end(`${input}\n`);
    const [code] = await once(command, 'exit');
    if (code !== 0) throw new Error(`could not run doorstep ${args.join(' ')}: exit code ${code}`);
  }
}
