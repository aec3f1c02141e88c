import type { Db, Tx } from '#db/connect.ts';
import type { ControllerTable, PrivacyNoticeTable } from '#db/schema/controllers.ts';

/** The editable part of a company. Its privacy notice has its own versions: see `publish-notice.ts`. */
export interface ControllerDraft {
  legal_name: string;
  address: string;
  country: string;
  privacy_email: string;
  imprint: string;
  mails_after_withdrawal: boolean;
  /** Consents that only another system claims to have confirmed are not used. */
  refuses_claimed: boolean;
}

export interface Controller extends ControllerTable {
  /** Newest first. */
  notices: PrivacyNoticeTable[];
}

export async function listControllers(db: Db | Tx): Promise<ControllerTable[]> {
  return db.selectFrom('controllers').selectAll().orderBy('created_at').execute();
}

export async function findController(db: Db | Tx, key: string): Promise<Controller | undefined> {
  const row = await db.selectFrom('controllers').selectAll().where('key', '=', key).executeTakeFirst();
  if (!row) return undefined;
  const notices = await db
    .selectFrom('privacy_notices')
    .selectAll()
    .where('controller_id', '=', row.id)
    .orderBy('id', 'desc')
    .execute();
  return { ...row, notices };
}

export function controllerDraftOf(row: ControllerTable): ControllerDraft {
  const { legal_name, address, country, privacy_email, imprint, mails_after_withdrawal, refuses_claimed } =
    row;
  return {
    legal_name,
    address,
    country,
    privacy_email,
    imprint,
    mails_after_withdrawal: mails_after_withdrawal === 1,
    refuses_claimed: refuses_claimed === 1,
  };
}
