"""Page furniture: the words of buttons, menus, notices, credits and footers, as news pages write them.

Written from the way English news pages are built, not from any one collection. Every pattern has bounded
repeats, so that it runs in linear time on any text.
"""

# ruff: noqa: E501 - a pattern on one line reads better than one in pieces

from __future__ import annotations

import re

# Whole lines, compared in lower case without punctuation.
LINES = frozenset(
    line.strip()
    for line in """
    read more | read also | also read | see also | see more | more | menu | home | search | search for | close | open menu
    share | share this | share this article | share this story | share article | share on facebook | share on twitter
    share on x | share on whatsapp | share via email | share on linkedin | share on telegram | share with your friends
    tweet | tweet this | retweet | like | like this | pin it | email | e-mail | email this | print | print this
    print this page | print article | copy link | copy url | facebook | twitter | whatsapp | telegram | linkedin
    instagram | youtube | reddit | rss | pinterest | messenger | save | save article | bookmark | download | listen
    listen to this article | listen to article | play | pause | mute | watch | watch live | live | video | gallery
    helpful keywords | keywords | tags | topics | related topics | categories | category | filed under
    related | related articles | related stories | related news | related content | related posts | related links
    related coverage | you may also like | you might also like | you may like | recommended | recommended for you
    recommended stories | more stories | more news | more on this story | more from this section | more on this topic
    top stories | latest news | latest | breaking | breaking news | trending | trending now | most read | most popular
    most viewed | popular | popular posts | popular now | editors picks | editor's picks | don't miss | up next
    next | previous | next article | previous article | next post | previous post | next story | previous story
    advertisement | advertisements | ad | ads | advert | sponsored | sponsored content | promoted | promoted content
    article continues below advertisement | story continues below advertisement | continue reading
    story continues below | article continues after ad | continue reading the main story | continue reading below
    comment | comments | leave a comment | leave a reply | post a comment | add a comment | add comment | no comments
    no comments yet | join the conversation | view comments | show comments | comments are closed | write a comment
    log in | login | sign in | sign up | sign out | register | my account | subscribe | subscribe now | subscribe today
    newsletter | newsletters | get our newsletter | follow us | follow us on | follow | follow us on twitter
    follow us on facebook | stay connected | connect with us | join us | donate | donate now | support us | contact
    contact us | about | about us | who we are | privacy | privacy policy | cookie policy | cookies | cookie settings
    terms | terms of use | terms of service | terms and conditions | legal | sitemap | site map | careers | advertise
    advertise with us | accept | accept all | accept cookies | accept all cookies | reject all | manage cookies
    manage preferences | i agree | got it | skip to content | skip to main content | skip navigation | back to top
    go to top | top | back | go back | loading | loading... | please wait | translate | select language | language
    report an error | report a typo | send us feedback | feedback | click here | learn more | view more | load more
    show more | see all | view all | text size | font size | image caption | media caption | image source
    image copyright | getty images | file photo | file | photo | photos | pictures | in pictures
    """.replace("\n", "|").split("|")
    if line.strip()
)
PUNCTUATION = re.compile(r"[^\w'@#+. ]+|(?<!\w)\.|\.(?!\w)")

# Short lines that begin, or consist, so. Bounded quantifiers: they run on any text.
SHORT_LINES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:read|see|view) (?:more|also|next|the full (?:story|article|report|interview))\b(?: ?[:|»>–—-].*| (?:about|on|at|in|from)\b.*)?$",
        r"(?:also read|read also|see also|must read|don.t miss|related|recommended|watch|listen|more|opinion|analysis|explainer) ?: .*",
        r"related (?:articles?|stories|story|news|posts?|content|topics?|coverage) ?[:|–—-].*",
        r"(?:more|latest|news) (?:from|by) (?:the |this )?(?:author|section|category)\b.*",
        r"(?:click|tap) (?:here|on the|to) .*",
        r"(?:share|tweet|post|print|e-?mail|save)(?: this| it)?(?: article| story| page| post)?(?: on| via| to| with| by)? (?:facebook|twitter|x|whatsapp|telegram|linkedin|e-?mail|reddit|friends?)\b[\w ,/|&+]*$",
        r"(?:(?:facebook|twitter|whatsapp|telegram|linkedin|instagram|youtube|reddit|e-?mail|print|pinterest|viber|vk|copy link|share|tweet)\b[ ,/|&+·•]*){2,20}$",
        r"follow (?:us|@\w+|\w+ on)\b.*",
        r"(?:like|find|join|visit) us on .*",
        r"(?:download|get) (?:our|the) .{0,40}\bapp\b.*",
        r"(?:join|subscribe to) our .*",
        r"(?:sign up|subscribe|register)\b.{0,80}(?:newsletters?|e-?mails?|updates|alerts|inbox|briefing|channel|today|now|free)\b.*",
        r"(?:get|receive)\b.{0,60}\b(?:newsletter|in your inbox|to your inbox|breaking news alerts?)\b.*",
        r"[\d.,]{1,9} ?[km]? ?(?:comments?|shares?|views?|likes?|reactions?|reads|retweets?|tweets?|minutes? read|mins? read|min read|minute read)$",
        r"(?:comments?|shares?|views?|likes?|reads|reading time|estimated reading time|read time|hits)(?: ?[:(]| -) ?[\d.,]{1,9} ?[km]?(?: ?(?:minutes?|mins?))?\)?$",
        r"(?:tags?|keywords?|topics?|categories|category|filed under|labels?|helpful keywords) ?: .*",
        r"(?:photo|image|picture|video|photograph|illustration|graphic|infographic|map|cover|featured image)s?(?: (?:credits?|source|by|courtesy(?: of)?|caption))? ?[:©] .*",
        r"(?:credits?|photo by|image by|photograph by|courtesy of|caption|source image) ?:? .{0,80}$",
        r"(?:\(|\[)(?:photo|image|file photo|file|picture|archive|illustrative)\b[^()\[\]]{0,120}(?:\)|\])$",
        r"(?:©|\(c\)|copyright\b) ?.{0,120}$",
        r"(?:https?://|www\.)\S{1,500}$",
        r"(?:pic\.twitter\.com|t\.co)/\S{1,80}$",
        r"(?:[#@]\w{1,60}[ ,]*){1,20}$",
    )
)
CASED_LINES = (  # captions end with the agency that took the picture
    re.compile(r".{0,400}(?:\[|\(|\s|/)(?:Photo|File|AP|AFP|Reuters|REUTERS|EPA|Getty|Anadolu|AA|TASS|Xinhua)\b[^.\[\]()]{0,30}/[^.\[\]()]{1,60}[\])]?$"),
    re.compile(r".{0,400}[\[(](?:[^()\[\]]{0,60}[ /])?(?:AP|AFP|Reuters|EPA|Getty|Getty Images|Anadolu|File|Courtesy)(?: ?[/ ](?:Photo|Images|File|photo|file))[\w /]{0,20}[\])]$"),
)  # fmt: skip
BYLINE = re.compile(
    r"(?:By|BY) [A-Z][\w.’'-]{1,30}(?: (?:[A-Z][\w.’'-]{0,30}|al|van|von|de|and|in)){0,6}(?: ?[|,–—-] ?.{0,60})?$"
)

# Sentences that pages append: anywhere in a paragraph of at most NOTICE_CHARS.
NOTICE_CHARS = 700
NOTICES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:we|this (?:web)?site|our (?:web)?site|and our partners)\b.{0,60}\b(?:use|uses|store)\b.{0,40}\bcookies\b",
        r"\bby (?:continuing|using|browsing)\b.{0,60}\b(?:you (?:agree|consent|accept))\b",
        r"^(?:this|the) (?:article|story|piece|report|post|content) (?:was|is|has been|is being)(?: (?:originally|first|automatically|also|lightly))? (?:edited|translated|published|republished|reproduced|written|produced|provided|syndicated|distributed)\b.{0,20}\b(?:by|from|in|on|with|under|at|edition)\b",
        r"^this (?:article|story) is an edited translation\b",
        r"\bha(?:s|ve) not (?:been )?(?:independently )?(?:verified|edited) (?:the|this|by)\b.{0,40}\b(?:content|story|article|staff)\b",
        r"\bresponsibility for the (?:information|content|views)\b.{0,80}\b(?:lies|rests|remains)\b",
        r"\b(?:views|opinions)\b.{0,60}\b(?:in this (?:article|story|piece|post)|(?:are|is) (?:those of )?the author.?s|herein)\b.{0,120}\b(?:own|reflect|represent|belong|author.?s|position|policy)\b",
        r"\ball rights reserved\b",
        r"\bmay not be (?:published|reproduced|copied|broadcast|redistributed|rewritten)\b",
        r"\bsubscribe to our\b|\bsign up (?:for|to) (?:our|the|receive)\b.{0,60}(?:newsletter|updates|alerts|briefing)",
        r"\byour e-?mail address will not be published\b|\brequired fields are marked\b",
        r"\bplease (?:enable|turn on|allow|disable)\b.{0,40}\b(?:javascript|cookies|ad ?block)",
        r"\byour browser (?:does not|doesn't) support\b",
        r"\bthis (?:video|content) (?:is not|isn't|is currently not) available\b",
    )
)
# The same at the end of a text that came as one line.
TAIL = re.compile(
    r"(?<=[.!?\"”’)\]])\s{0,3}(?:"
    r"\(?(?:Additional )?(?:Reporting|Writing) by [^.()]{3,200}(?:; ?(?:Additional reporting|Writing|Editing) by [^.()]{3,120}){0,3}\)?\.?"
    r"|\(?Editing by [^.()]{3,120}\)?\.?"
    r"|Our Standards: ?The Thomson Reuters Trust Principles\.?"
    r"|(?:Read (?:also|more)|See also|Share this(?: article)?|Related articles?|Helpful keywords|Contact us|Privacy Policy|Cookie Policy|Terms of Use|Comments?|Tags)(?: ?:)?"
    r"|(?:This article (?:was|is) an? (?:edited )?translat\w{1,5}[^.]{0,80}\.)"
    r")\s*$",
    re.IGNORECASE,
)
TAIL_CHARS = 400
# Headings after which only links and key words follow, until something reads like prose again.
BLOCK_HEADINGS = frozenset(
    heading.strip()
    for heading in """
    helpful keywords | keywords | tags | topics | related topics | related | related articles | related stories
    related news | related content | related posts | related links | related coverage | you may also like
    you might also like | you may like | recommended | recommended for you | recommended stories | more stories
    more news | more on this story | top stories | more from this section | more on this topic | latest news
    trending | trending now | most read | most popular | most viewed | popular posts | editors picks
    editor's picks | read also | also read | see also | categories | filed under
    """.replace("\n", "|").split("|")
    if heading.strip()
)
