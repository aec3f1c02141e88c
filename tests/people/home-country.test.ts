import { describe, expect, it } from 'vitest';
import { homeCountry } from '#src/people/home-country.ts';

const post = (value: string) => ({ channel: 'post' as const, value });
const phone = (value: string) => ({ channel: 'phone' as const, value });

describe('homeCountry', () => {
  it.each(['Österreich', 'AT', 'austria', 'a'])('is what the person gave as their country: %s', (country) => {
    expect(homeCountry({ country }, [phone('+4961811234')])).toBe('AT');
  });

  it('is where their letters go, where nothing else was given', () => {
    expect(homeCountry({}, [phone('+4961811234'), post('Vreni Muster\nWeg 1\n8001 Zürich\nCH')])).toBe('CH');
  });

  it('is where their telephone is, where no letter box is known', () => {
    expect(homeCountry({}, [{ channel: 'email', value: 'anna@example.org' }, phone('+4315880')])).toBe('AT');
  });

  it('is nowhere where nothing tells', () => {
    expect(homeCountry({}, [{ channel: 'email', value: 'anna@example.at' }])).toBeUndefined();
    expect(homeCountry({ country: 'nowhere' }, [])).toBeUndefined();
  });
});
