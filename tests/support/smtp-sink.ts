import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

/** Where in the dialogue an answer is given. `END` is the answer to the whole mail, after its last dot. */
export type SmtpStage = 'connect' | 'EHLO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'END';

export interface SmtpSink {
  url: string;
  /** Answers by stage, line by line. An empty list ends the connection without an answer. */
  answers: Partial<Record<SmtpStage, string[]>>;
  /** The mails that were taken. */
  received: string[];
  /** Every mail whose last dot arrived, taken or not. */
  seen: string[];
  connections: number;
  close: () => Promise<void>;
}

/** A scripted SMTP server: it accepts everything, except where `answers` says otherwise. */
export async function startSmtpSink(extensions: string[] = []): Promise<SmtpSink> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    serve(sink, socket, extensions);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sink: SmtpSink = {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers: {},
    received: [],
    seen: [],
    connections: 0,
    close: () => closed(server, sockets),
  };
  return sink;
}

function closed(server: Server, sockets: Set<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}

function serve(sink: SmtpSink, socket: Socket, extensions: string[]): void {
  sink.connections += 1;
  let input = '';
  let inData = false;
  let recipients = 0;
  /** Returns whether the stage was accepted. */
  const answer = (stage: SmtpStage, usual: string[]): boolean => {
    const given = sink.answers[stage];
    if (given?.length === 0) {
      socket.destroy();
      return false;
    }
    const lines = given ?? usual;
    socket.write(`${lines.join('\r\n')}\r\n`);
    // RFC 5321, 4.2.3: 421 closes the connection. So does a greeting that refuses.
    if (/^421/.test(lines.at(-1) ?? '') || (stage === 'connect' && given)) socket.end();
    return given === undefined;
  };
  const command = (line: string): void => {
    const verb = line.split(/[ :]/)[0]?.toUpperCase() ?? '';
    if (verb === 'EHLO' || verb === 'HELO') {
      const offered = ['sink', ...extensions];
      answer(
        'EHLO',
        offered.map((name, index) => `250${index === offered.length - 1 ? ' ' : '-'}${name}`),
      );
    } else if (verb === 'STARTTLS') answer('STARTTLS', ['454 4.7.0 no TLS here']);
    else if (verb === 'AUTH') answer('AUTH', ['235 2.7.0 welcome']);
    else if (verb === 'MAIL') {
      recipients = 0;
      answer('MAIL', ['250 2.1.0 ok']);
    } else if (verb === 'RCPT') recipients += answer('RCPT', ['250 2.1.5 ok']) ? 1 : 0;
    else if (verb === 'DATA' && recipients === 0) socket.write('554 5.5.1 no valid recipients\r\n');
    else if (verb === 'DATA') inData = answer('DATA', ['354 go on']);
    else if (verb === 'QUIT') socket.end('221 2.0.0 bye\r\n');
    else socket.write('250 2.0.0 ok\r\n');
  };
  answer('connect', ['220 sink ESMTP']);
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    input += chunk;
    for (;;) {
      const end = input.indexOf(inData ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const piece = input.slice(0, end);
      input = input.slice(end + (inData ? 5 : 2));
      if (inData) {
        inData = false;
        sink.seen.push(piece);
        if (answer('END', ['250 2.0.0 queued as 4711'])) sink.received.push(piece);
      } else command(piece);
    }
  });
}
