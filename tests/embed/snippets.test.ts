import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { demoForms } from '#db/demo/demo-data.ts';
import { buildLoader } from '#src/embed/build-loader.mjs';
import { snippetsOf } from '#src/embed/snippets.ts';
import { findForm } from '#src/forms/find-form.ts';
import { reservedHeight } from '#src/forms/reserved-height.ts';
import { openTestApp } from '#tests/support/app.ts';

const embedding = {
  form: 'newsletter',
  baseUrl: 'https://consent.example.com',
  locale: 'de',
  title: 'Neues & "Altes"',
  integrity: 'sha384-AbC/9+x',
  height: { narrow: 3000, wide: 1600 },
} as const;

describe('snippetsOf', () => {
  const { link, iframe, element, headless } = snippetsOf(embedding);

  it('links to the form', () => {
    expect(link).toBe(
      '<a href="https://consent.example.com/f/newsletter?lang=de">Neues &#38; &#34;Altes&#34;</a>',
    );
  });

  it('has a frame that works without any script, and tells on which page it stands', () => {
    expect(iframe).toContain('src="https://consent.example.com/f/newsletter?embed=1&#38;lang=de"');
    expect(iframe).toContain('title="Neues &#38; &#34;Altes&#34;"');
    expect(iframe).toContain('referrerpolicy="no-referrer-when-downgrade"');
    expect(iframe).toContain('height: clamp(1600px, 4120px - 350.0vw, 3000px)');
  });

  it('has an element with a link for whoever runs no script', () => {
    expect(element).toContain('<jawort-form form="newsletter" lang="de"');
    expect(element).toContain(`  ${link}\n</jawort-form>`);
  });

  it('insists on the script that this server has', () => {
    for (const snippet of [iframe, element]) {
      expect(snippet).toContain('src="https://consent.example.com/embed.js?v=AbC9x"');
      expect(snippet).toContain('integrity="sha384-AbC/9+x" crossorigin="anonymous"');
    }
  });

  it('asks the API for the words and sends their hashes back', () => {
    expect(headless).toContain('"https://consent.example.com/api/v1/forms/newsletter"');
    expect(headless).toContain('sha256');
  });
});

describe('reservedHeight', () => {
  // As Chromium lays them out, 288 and 672 pixels wide.
  const measured = {
    newsletter: { de: [3010, 1602], en: [2880, 1551] },
    fair: { de: [4947, 2771], en: [4557, 2618] },
  };

  it('leaves each form of the demo its room, and not much more', async () => {
    const { app, close } = await openTestApp('sqlite');
    for (const { key } of demoForms) {
      const definition = (await findForm(app.db, key))?.version.definition;
      if (!definition) throw new Error(`no form ${key}`);
      for (const locale of ['de', 'en'] as const) {
        const [narrow = 0, wide = 0] = measured[key][locale];
        const kept = reservedHeight(definition, locale);
        for (const [room, need] of [
          [kept.narrow, narrow],
          [kept.wide, wide],
        ] as const) {
          expect(room).toBeGreaterThanOrEqual(need);
          expect(room).toBeLessThan(need * 1.15);
        }
      }
    }
    await close();
  });
});

describe('the loader', () => {
  it('is below 5 kB, in the language of older browsers too', () => {
    const { code, integrity } = buildLoader();
    const text = Buffer.from(code).toString();
    expect(gzipSync(code).length).toBeLessThan(5000);
    expect(text).not.toMatch(/\?\.\w|\?\?/);
    expect(text).not.toMatch(/localStorage|sessionStorage|indexedDB|cookie|innerHTML|eval\(/);
    expect(integrity).toMatch(/^sha384-[A-Za-z\d+/]{64}$/);
  });
});
