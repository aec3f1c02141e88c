import type { MessageParams, SourceMessages } from './message-params.ts';

/** The dotted names of all messages. */
export type MessageKey = KeyOf<SourceMessages>;

/** A message without parameters. */
export type PlainKey = Exclude<MessageKey, keyof MessageParams<never>>;

/**
 * The arguments that follow a key: none for a message without parameters. Where the key is one of several,
 * they hold the parameters of each.
 */
export type ParamsOf<Key extends MessageKey, Value> = [Key & keyof MessageParams<Value>] extends [never]
  ? []
  : [params: AllOf<MessageParams<Value>[Key & keyof MessageParams<Value>]>];

/** What follows a key in the longer keys that begin with it: `'email' | 'email.hint' | …` for `field`. */
export type NameBelow<Key extends string> = MessageKey extends infer Any
  ? Any extends `${Key}.${infer Name}`
    ? Name
    : never
  : never;

type KeyOf<Messages> = {
  [Name in keyof Messages & string]: Messages[Name] extends string
    ? Exclude<Name, '_'>
    : (Messages[Name] extends { _: string } ? Name : never) | `${Name}.${KeyOf<Messages[Name]>}`;
}[keyof Messages & string];

type AllOf<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;
