import type { Person } from '../support/world.js';
import type { Values } from './positions.js';
import type { Scene } from './scene.js';

/** One operation of the API, with what it takes to call it properly. */
export interface Operation {
  /** Who may call it, with all of the arguments. Left out, nobody has to be signed in. */
  as?: (scene: Scene) => Person;
  /** Whether it is for super admins alone, to whom no organization is foreign. */
  aboveAll?: true;
  /** Whether it is for people alone: no API key may call it, whatever its scopes. */
  personal?: true;
  /** Arguments that are accepted. Several sets where some exclude each other. */
  valid(scene: Scene): Values[] | Promise<Values[]>;
  /** Fields that may be left out, but not be null, in dot notation. */
  kept?: readonly string[];
  /** What is read of the answer; left out, its type alone. */
  selection?: string;
  /** A list whose items are judged one by one: what is wrong with one is told by its own result. */
  oneByOne?: string;
}

export type Operations = Record<string, Operation>;

export const admin = (scene: Scene) => scene.admin;
export const outsider = (scene: Scene) => scene.outsider;
export const superAdmin = (scene: Scene) => scene.superAdmin;
