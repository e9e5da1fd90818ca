"use client";
import { type AbstractIntlMessages, IntlProvider } from "use-intl";
import type { ReactNode } from "react";

/** The wordings of one language for everything below. */
export const Wording = ({
  locale,
  messages,
  children,
}: {
  locale: string;
  messages: AbstractIntlMessages;
  children: ReactNode;
}) => (
  <IntlProvider locale={locale} messages={messages} timeZone="UTC">
    {children}
  </IntlProvider>
);
