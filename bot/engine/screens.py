"""The crisis words nobody can edit by accident: the first screen for each danger, and the gentle
check-ins. They are code, not content, so that nothing in flows/ can reword them or leave one out,
and they are here even when every other file is broken.

What they say follows the safety proposal (docs/safety.md): name what was heard, the nearest
human first, one direct question, no method, no promise, no number that may not be dialled from
inside. What a person can tap next comes from `flows/crisis/`.

Nobody has signed these words yet as a clinician, a PREA coordinator or a person with lived
experience; `peerpath check` says so until somebody does (knowledge/signoffs.yaml).

How to read them: `# category screen` opens a screen, then one bubble a line. `in` is said in
prison and jail, `out` to people who are out and to families, the rest to everybody; where we don't
know, both are said. `far` is for somebody outside whose person is in prison or jail: nobody there
can unlock a door or give naloxone, but they can make the prison look (`far_from` says when). A line
that is indented further goes on from the line above.
"""

from collections.abc import Iterable, Mapping

from bot.engine.model import INSIDE, OUTSIDE, Alarm
from bot.language.text import plain_words

_ENGLISH = """\
# suicide imminent
    I'm really glad you told me. This is an emergency, and you deserve help right now.
in  *Tell an officer or use the {call_button} now.* Say: “I need help. I might hurt myself.”
in  If you can, move to where people can see you. Give anything you could use to staff, or
      to someone you trust.
out *Call or text 988 now, or call 911.*
out Stay with someone. Put distance between you and anything you could use.
    {program}

# suicide active
    Thank you for telling me that. I'm glad you did.
in  You don't have to carry this alone. *You can tell an officer or use the {call_button}
      right now.* Say: “I need help. I might hurt myself.”
out You don't have to carry this alone. *You can call or text 988 right now, day or night.*
      If you are in danger, call 911.
    {program}
    I want to ask you straight: *Are you thinking about killing yourself right now?*

# suicide someone-else
    You are looking out for them. That matters.
in  *Tell an officer or use the {call_button} now.* Say you think they may kill themselves.
      If you can, don't leave them alone.
in  You are not snitching. You may save a life.
out *If they are in danger right now, call 911.* You can also call or text 988. They help
      people who worry about someone, too.
far *If they are in prison or jail, call there now. Ask for the watch commander, or the person
      in charge.* Say: “I fear ___ may kill themselves. Please check on them now.”
far Give their name, number and housing unit. Call again until someone says they will look.
    {program}

# suicide check-in
    That sounds heavy. Sometimes when people say that, they are thinking about dying.
    *Are you thinking about suicide?*

# suicide check-in-past
    Thank you for trusting me with that. You are still here, and I'm glad.
    *Are you thinking about suicide now?*

# suicide check-in-someone
    You are worried about somebody. It is good that you asked.
    *Do you think they may be thinking about suicide?*

# self_harm imminent
    Thank you for telling me. Your body needs help first.
in  *Use the {call_button} or shout “medical emergency” now.* Say: “I am hurt and I need a
      nurse.”
out *Call 911 now, or have someone take you to an emergency room.*
    If you are bleeding, press hard with a clean cloth until help comes. Try not to be
      alone.
    {program}

# self_harm active
    Thank you for telling me. There is no shame in it, and you don't have to carry it alone.
in  *You can tell an officer or use the {call_button} now.* Say: “I need to talk to mental
      health.” If you are hurt, say that first.
out *You can call or text 988 now, day or night.* If you are badly hurt, call 911.
    {program}
    *Are you hurt right now?*

# self_harm someone-else
    You are looking out for them. That matters.
in  *If they are bleeding or swallowed something, use the {call_button} or shout “medical
      emergency” now.* If not, tell an officer or a nurse you are worried.
in  Stay near if you can. You are not snitching. You are helping.
out *If they are badly hurt or swallowed something, call 911 now.* If not, stay near, stay
      calm, and listen. You can call or text 988 for advice.
far *If they are in prison or jail, call there now. Ask for mental health, or the person in
      charge.* Say: “I fear ___ is hurting themselves. Please check on them now.”
far Give their name, number and housing unit. Call again until someone says they will look.
    {program}

# self_harm check-in
    Thank you for saying that. A lot of people carry this and tell no one.
    *Are you thinking about hurting yourself now?*

# overdose imminent
in  *Shout “man down” and use the {call_button} NOW.* Say: “Overdose. Not breathing.” Ask
      for Narcan.
in  Roll the person on their side. Stay with them.
in  Is it you? Tell the person nearest to you right now what you took. Don't stay alone.
out *Call 911 NOW.* Say where you are. Say: “Overdose. Not breathing.”
out Give naloxone (Narcan) if you have it. Give rescue breaths if you know how. Roll the
      person on their side. Stay with them.
out Is it you? Call 911 now. Unlock the door. Tell someone what you took.
far *Are they in prison or jail? Call there NOW. Ask for the watch commander, or the person in
      charge.* Say: “This is an emergency. ___ took too much and may not be breathing. Please
      send medical now.”
far Give their name, number and housing unit. If nobody answers, call again. Keep calling until
      someone says help is going to them.
    {program}

# overdose check-in
    Thank you for being real about that. I'm not here to judge.
    If someone took too much right now, that is an emergency.
    *Is anyone in danger from what they took, right now?*

# sexual_abuse imminent
in  I believe you. You deserve to be safe tonight.
in  *Get to where staff can see you. Tell any staff you trust: “I am not safe in my cell.”*
      You can ask for protective custody.
in  If the danger is a staff member, go to another one you trust: a nurse, a teacher, a
      chaplain, a sergeant.
out I believe you. You deserve to be safe.
out *Get to other people if you can. Call 911 if you are in danger now.*
out If someone checks this phone or screen, take care what you leave open.
    {program}

# sexual_abuse active
    I believe you. It is not your fault. You get to choose what happens next.
in  *If you are in danger right now, get to where staff can see you. Tell any staff you
      trust: “I am not safe.”*
out *If you are in danger right now, call 911.*
    You don't have to tell me what happened. Here is what you can choose.
    {program}

# sexual_abuse someone-else
    Thank you for looking out for them.
in  *If it is happening now, use the {call_button} or get any staff you trust.*
in  You can report it for someone else. You don't have to say everything you know, and you
      don't have to say it here.
out *If a person outside, or a child, is in danger now, call 911.*
far If they are in prison or jail, you can report it for them.
    {program}

# sexual_abuse check-in
    Thank you for trusting me with that. You don't have to tell me what happened.
    *Are you safe right now?*

# violence active
    I hear you. You deserve to be safe.
in  *Get to where staff can see you. Tell any staff you trust: “I am not safe here.”* You
      can ask for protective custody. You don't have to say names.
in  If someone is hurt, use the {call_button} now.
out *If the danger is now, call 911.* Get to a place with other people, if you can.
far *Is it somebody in prison or jail? Call there now. Ask for the watch commander, or the person
      in charge.* Say: “___ is in danger. Please move them to a safe place now.”
far Give their name, number and housing unit. You don't have to say who it comes from. Call again
      until someone says they will act.
    {program}

# violence doer
    Sounds like somebody pushed you past the limit. Thank you for saying it here first.
in  *Step away. Ask an officer to move you. You don't have to say why.*
out *Step away. Leave, if you can. Call or text 988, or call a person who calms you down.*
      If you can't stop it, call 911.
    {program}
    *Are you going to hurt someone now?*

# violence someone-else
    You are right to speak up.
in  Get yourself safe first. *Use the {call_button} or tell any staff you trust.* Say where it is, and that someone
      is in danger. You don't have to say names.
out Get yourself safe first. *If it is happening now, call 911.* Say where it is.
far *If they are in prison or jail, call there now. Ask for the watch commander, or the person
      in charge.* Say: “___ is in danger. Please move them to a safe place now.”
far Give their name, number and housing unit. You don't have to say who it comes from. Call again
      until someone says they will act.
    {program}

# violence check-in
    I hear you. That is a lot to hold.
    *Is somebody in danger right now, you or anyone else?*

# medical imminent
in  *Use the {call_button} or shout “medical emergency” now.*
in  Say what is wrong, like: “I can't breathe,” “My chest hurts,” or “They won't wake
      up.”
in  If nobody comes, ask the people near you to shout too. Keep on until someone comes.
out *Call 911 now.* Say where you are, and what is wrong.
out Unlock the door. Stay with someone until help comes.
far *Are they in prison or jail? Call there NOW. Ask for medical, or for the watch commander.* Say:
      “This is an emergency. ___ needs a nurse now.” Then say what is wrong, like: “He has no
      insulin” or “She can't breathe.”
far Give their name, number and housing unit. If nobody answers, call again. Keep calling until
      someone says help is going to them.
    {program}

# medical check-in
    I can't give medical advice, but you deserve to be seen.
    *Is this an emergency right now? If you are not sure, treat it like one.*

# withdrawal imminent
in  *Coming off alcohol or drugs can be dangerous. Get medical help now.*
in  *Use the {call_button} or shout “medical emergency.”* Say: “I am withdrawing from ___,
      and I have ___.”
in  If it gets worse, say so again. Keep on until someone comes.
out *Coming off alcohol or drugs can be dangerous. Call 911 now.*
out Say: “I am withdrawing from ___, and I have ___.” Stay with someone until help comes.
far *Are they in prison or jail? Call there now. Ask for medical, or for the watch commander.* Say:
      “___ is withdrawing from ___ and it can be dangerous. Please have a nurse see them now.”
far Give their name, number and housing unit. Say what you know, like shaking or throwing up. Call
      again until someone says a nurse will see them.
    {program}

# withdrawal active
    That is rough, and you don't have to tough it out alone.
in  *Ask for medical help now.* Say what you are coming off, and when you last had it. Sip
      water if you can.
in  *If you shake and see things, have a seizure, or can't keep water down, use the
      {call_button}.* Tell staff each time it gets worse.
out *Get medical help today.* Say what you are coming off, and when you last had it. Sip
      water if you can.
out *If you shake and see things, have a seizure, or can't keep water down, call 911.*
far *Are they in prison or jail? Call there now. Ask for medical, or for the watch commander.* Say:
      “___ is withdrawing from ___ and it can be dangerous. Please have a nurse see them now.”
far Give their name, number and housing unit. Say what you know, like shaking or throwing up. Call
      again until someone says a nurse will see them.
    {program}

# withdrawal check-in
    Coming off something is hard. I'm glad you said it.
    If you shake and see things, have a seizure, or can't keep water down, that is an
      emergency.
    *Is any of that happening now?*

# domestic_violence imminent
    I believe you. Nobody should have to live with that.
in  *If you are in danger, get to where staff can see you and tell any staff you trust.*
in  If someone at home is in danger now, ask any staff member how the police there can be
      called. Say it is about safety.
out *Call 911 now if you can.* Get out, or get to a room with a way out and no weapons.
out If someone checks this phone or screen, take care what you leave open.
    {program}

# domestic_violence active
    I believe you. It is not your fault.
in  *If you are in danger right now, get to where staff can see you and tell any staff you
      trust.*
in  If someone at home is in danger, ask any staff member how the police there can be
      called. Say it is about safety.
out *If you are in danger right now, call 911.*
out If someone checks this phone or screen, take care what you leave open.
    {program}

# domestic_violence check-in
    Thank you for trusting me with that. It's not your fault.
    *Are you, or someone you love, in danger right now?*

# help active
in  *If you or someone else is in danger, tell any officer or use the {call_button} now.*
      Say: “I need help.”
out *If you or someone else is in danger, call 911. To talk with someone day or night, call
      or text 988.*
    {program}
    What is happening? You can tap one, or type it.
"""

_SPANISH = """\
# suicide imminent
    Qué bueno que me lo dijiste. Esto es una emergencia y mereces ayuda ahora mismo.
in  *Dile a un oficial o usa el {call_button} ahora.* Di: “Necesito ayuda. Puedo hacerme daño”
      (“I need help. I might hurt myself”).
in  Si puedes, ve a donde otros te puedan ver. Dale al personal, o a alguien de confianza,
      cualquier cosa que podrías usar.
out *Llama al 988 ahora y oprime 2 para español, o manda AYUDA por mensaje al 988. O llama al
      911.*
out Quédate con alguien. Aléjate de lo que podrías usar para hacerte daño.
    {program}

# suicide active
    Gracias por decírmelo. Me alegra que lo hicieras.
in  No tienes que cargar con esto a solas. *Puedes decirle a un oficial o usar el {call_button}
      ahora mismo.* Di: “Necesito ayuda. Puedo hacerme daño” (“I need help. I might hurt
      myself”).
out No tienes que cargar con esto a solas. *Puedes llamar al 988 ahora mismo, de día o de
      noche. Oprime 2 para español, o manda AYUDA por mensaje al 988.* Si estás en peligro,
      llama al 911.
    {program}
    Te lo pregunto de frente: *¿Estás pensando en matarte ahora mismo?*

# suicide someone-else
    Estás cuidando a esa persona. Eso importa mucho.
in  *Dile a un oficial o usa el {call_button} ahora.* Di que crees que se puede matar (“I think
      they may kill themselves”). Si puedes, no la dejes a solas.
in  Eso no es delatar. Puedes salvar una vida.
out *Si está en peligro ahora mismo, llama al 911.* También puedes llamar al 988 y oprimir 2
      para español, o mandar AYUDA por mensaje al 988. Ayudan también a quien se preocupa por otra persona.
far *Si está en prisión o en la cárcel, llama ahí ahora. Pide hablar con el “watch commander” o
      con quien esté a cargo.* Di: “Temo que ___ se mate. Por favor, revísenlo ya” (“I fear ___
      may kill themselves. Please check on them now”).
far Da su nombre, su número y su unidad. Llama otra vez hasta que digan que van a ir a ver.
    {program}

# suicide check-in
    Eso suena muy pesado. A veces, cuando alguien dice eso, está pensando en morir.
    *¿Estás pensando en el suicidio?*

# suicide check-in-past
    Gracias por confiarme eso. Sigues aquí, y me alegra.
    *¿Estás pensando en el suicidio ahora?*

# suicide check-in-someone
    Te preocupa alguien. Qué bueno que preguntas.
    *¿Crees que puede estar pensando en el suicidio?*

# self_harm imminent
    Gracias por decírmelo. Primero, tu cuerpo necesita ayuda.
in  *Usa el {call_button} o grita “emergencia médica” (“medical emergency”) ahora.* Di: “Tengo
      una herida y necesito a la enfermera” (“I am hurt and I need a nurse”).
out *Llama al 911 ahora, o que alguien te lleve a emergencias.*
    Si estás sangrando, aprieta fuerte con un trapo limpio hasta que llegue la ayuda. Trata de
      no estar a solas.
    {program}

# self_harm active
    Gracias por decírmelo. No hay de qué avergonzarse, y no tienes que cargar con esto a solas.
in  *Puedes decirle a un oficial o usar el {call_button} ahora.* Di: “Necesito hablar con salud
      mental” (“I need to talk to mental health”). Si tienes una herida, dilo primero.
out *Puedes llamar al 988 ahora, de día o de noche. Oprime 2 para español, o manda AYUDA por
      mensaje al 988.* Si la herida es grave, llama al 911.
    {program}
    *¿Tienes una herida ahora mismo?*

# self_harm someone-else
    Estás cuidando a esa persona. Eso importa mucho.
in  *Si sangra o se tragó algo, usa el {call_button} o grita “emergencia médica” (“medical
      emergency”) ahora.* Si no, dile a un oficial o a una enfermera que te preocupa.
in  Quédate cerca si puedes. Eso no es delatar. Estás ayudando.
out *Si la herida es grave o se tragó algo, llama al 911 ahora.* Si no, quédate cerca, con
      calma, y escucha. Puedes llamar al 988 y oprimir 2 para español, o mandar AYUDA por mensaje
      al 988.
far *Si está en prisión o en la cárcel, llama ahí ahora. Pide salud mental, o a quien esté a
      cargo.* Di: “Temo que ___ se hace daño. Por favor, revísenlo ya” (“I fear ___ is hurting
      themselves. Please check on them now”).
far Da su nombre, su número y su unidad. Llama otra vez hasta que digan que van a ir a ver.
    {program}

# self_harm check-in
    Gracias por decirlo. Mucha gente carga con esto y no se lo dice a nadie.
    *¿Estás pensando en hacerte daño ahora?*

# overdose imminent
in  *Grita “man down” (hombre caído) y usa el {call_button} YA.* Di: “Sobredosis. No respira”
      (“Overdose. Not breathing”). Pide Narcan.
in  Pon a la persona de lado. Quédate con ella.
in  ¿Eres tú? Dile ahora mismo a la persona más cercana qué tomaste. No te quedes a solas.
out *Llama al 911 YA.* Di dónde estás. Di: “Sobredosis. No respira” (“Overdose. Not
      breathing”).
out Dale naloxona (Narcan) si tienes. Dale respiración de boca a boca si sabes cómo. Pon a la
      persona de lado. Quédate con ella.
out ¿Eres tú? Llama al 911 ahora. Quita el seguro de la puerta. Dile a alguien qué tomaste.
far *¿Está en prisión o en la cárcel? Llama ahí YA. Pide hablar con el “watch commander” o con
      quien esté a cargo.* Di: “Es una emergencia. ___ tomó demasiado y tal vez no respira. Manden
      ayuda médica ya” (“This is an emergency. ___ took too much and may not be breathing. Please
      send medical now”).
far Da su nombre, su número y su unidad. Si nadie contesta, llama otra vez. Sigue llamando hasta
      que digan que la ayuda va en camino.
    {program}

# overdose check-in
    Gracias por hablar con la verdad. No estoy aquí para juzgar.
    Si alguien tomó demasiado ahora mismo, eso es una emergencia.
    *¿Hay alguien en peligro ahora mismo por lo que tomó?*

# sexual_abuse imminent
in  Te creo. Mereces estar a salvo esta noche.
in  *Ve a donde el personal te pueda ver. Dile a alguien del personal en quien confíes: “No
      estoy a salvo en mi celda” (“I am not safe in my cell”).* Puedes pedir custodia
      protectora.
in  Si el peligro es alguien del personal, busca a otra persona de confianza: enfermera,
      maestro, capellán, sargento.
out Te creo. Mereces estar a salvo.
out *Ve con otras personas si puedes. Llama al 911 si estás en peligro ahora.*
out Si alguien revisa este teléfono o pantalla, cuida lo que dejas abierto.
    {program}

# sexual_abuse active
    Te creo. No es tu culpa. Tú decides qué pasa después.
in  *Si estás en peligro ahora mismo, ve a donde el personal te pueda ver. Dile a alguien de
      confianza: “No estoy a salvo” (“I am not safe”).*
out *Si estás en peligro ahora mismo, llama al 911.*
    No tienes que contarme qué pasó. Esto es lo que puedes elegir.
    {program}

# sexual_abuse someone-else
    Gracias por cuidar a esa persona.
in  *Si está pasando ahora, usa el {call_button} o busca a alguien del personal en quien
      confíes.*
in  Puedes reportarlo por otra persona. No tienes que decir todo lo que sabes, ni decirlo aquí.
out *Si una persona que está afuera, o un niño, está en peligro ahora, llama al 911.*
far Si está en prisión o en la cárcel, tú puedes reportarlo por esa persona.
    {program}

# sexual_abuse check-in
    Gracias por confiarme eso. No tienes que contarme qué pasó.
    *¿Estás a salvo ahora mismo?*

# violence active
    Te escucho. Mereces estar a salvo.
in  *Ve a donde el personal te pueda ver. Dile a alguien del personal en quien confíes: “No
      estoy a salvo aquí” (“I am not safe here”).* Puedes pedir custodia protectora (“protective custody”). No tienes
      que decir nombres.
in  Si hay una persona herida, usa el {call_button} ahora.
out *Si el peligro es ahora, llama al 911.* Ve a un lugar con gente, si puedes.
far *¿Es alguien en prisión o en la cárcel? Llama ahí ahora. Pide hablar con el “watch commander” o
      con quien esté a cargo.* Di: “___ está en peligro. Por favor, pónganlo a salvo ya” (“___ is
      in danger. Please move them to a safe place now”).
far Da su nombre, su número y su unidad. No tienes que decir de quién viene. Llama otra vez hasta
      que digan que van a hacer algo.
    {program}

# violence doer
    Parece que alguien te llevó más allá del límite. Gracias por decirlo aquí primero.
in  *Aléjate. Pídele a un oficial que te mueva (“Please move me”). No tienes que decir por
      qué.*
out *Aléjate. Vete de ahí, si puedes. Llama al 988 (oprime 2 para español) o a alguien que te
      calme.* Si no lo puedes parar, llama al 911.
    {program}
    *¿Vas a lastimar a alguien ahora?*

# violence someone-else
    Haces bien en hablar.
in  Primero ponte a salvo. *Usa el {call_button} o dile a alguien del personal en quien confíes.* Di dónde es, y que
      alguien está en peligro. No tienes que decir nombres.
out Primero ponte a salvo. *Si está pasando ahora, llama al 911.* Di dónde es.
far *Si está en prisión o en la cárcel, llama ahí ahora. Pide hablar con el “watch commander” o
      con quien esté a cargo.* Di: “___ está en peligro. Por favor, pónganlo a salvo ya” (“___ is
      in danger. Please move them to a safe place now”).
far Da su nombre, su número y su unidad. No tienes que decir de quién viene. Llama otra vez hasta
      que digan que van a hacer algo.
    {program}

# violence check-in
    Te escucho. Es mucho que cargar.
    *¿Hay alguien en peligro ahora mismo, tú u otra persona?*

# medical imminent
in  *Usa el {call_button} o grita “emergencia médica” (“medical emergency”) ahora.*
in  Di exactamente qué pasa, como: “No puedo respirar” (“I can't breathe”), “Me duele el pecho”
      (“My chest hurts”) o “No despierta” (“He won't wake up”).
in  Si nadie viene, pide a los que están cerca que griten también. Sigan hasta que llegue
      alguien.
out *Llama al 911 ahora.* Di dónde estás y exactamente qué pasa.
out Quita el seguro de la puerta. Quédate con alguien hasta que llegue la ayuda.
far *¿Está en prisión o en la cárcel? Llama ahí YA. Pide el área médica o el “watch commander”.* Di:
      “Es una emergencia. ___ necesita a la enfermera ya” (“This is an emergency. ___ needs a nurse
      now”). Luego di qué pasa, como: “No tiene insulina” (“He has no insulin”) o “No puede
      respirar” (“She can't breathe”).
far Da su nombre, su número y su unidad. Si nadie contesta, llama otra vez. Sigue llamando hasta
      que digan que la ayuda va en camino.
    {program}

# medical check-in
    No puedo dar consejo médico, pero mereces que te atiendan.
    *¿Es una emergencia ahora mismo? Si no sabes, actúa como si lo fuera.*

# withdrawal imminent
in  *Dejar el alcohol o las drogas de golpe puede ser peligroso. Busca ayuda médica ahora.*
in  *Usa el {call_button} o grita “emergencia médica” (“medical emergency”).* Di: “Me puse
      mal por dejar ___ y tengo ___” (“I am withdrawing from ___ and I have ___”).
in  Si empeora, dilo otra vez. Sigue hasta que llegue alguien.
out *Dejar el alcohol o las drogas de golpe puede ser peligroso. Llama al 911 ahora.*
out Di: “Me puse mal por dejar ___ y tengo ___” (“I am withdrawing from ___ and I have ___”).
      Quédate con alguien hasta que llegue la ayuda.
far *¿Está en prisión o en la cárcel? Llama ahí ahora. Pide el área médica o el “watch commander”.*
      Di: “___ está mal por dejar ___ y puede ser peligroso. Que lo vea una enfermera ya” (“___ is
      withdrawing from ___ and it can be dangerous. Please have a nurse see them now”).
far Da su nombre, su número y su unidad. Di lo que sabes, como si tiembla o vomita. Llama otra vez
      hasta que digan que una enfermera irá a ver.
    {program}

# withdrawal active
    Es muy duro, y no tienes que aguantarlo a solas.
in  *Pide ayuda médica ahora.* Di qué estás dejando y cuándo fue la última vez. Toma
      agua a sorbos si puedes.
in  *Si tiemblas y ves cosas, te dan convulsiones o vomitas hasta el agua, usa el
      {call_button}.* Avisa al personal cada vez que empeore.
out *Busca ayuda médica hoy.* Di qué estás dejando y cuándo fue la última vez. Toma
      agua a sorbos si puedes.
out *Si tiemblas y ves cosas, te dan convulsiones o vomitas hasta el agua, llama al 911.*
far *¿Está en prisión o en la cárcel? Llama ahí ahora. Pide el área médica o el “watch commander”.*
      Di: “___ está mal por dejar ___ y puede ser peligroso. Que lo vea una enfermera ya” (“___ is
      withdrawing from ___ and it can be dangerous. Please have a nurse see them now”).
far Da su nombre, su número y su unidad. Di lo que sabes, como si tiembla o vomita. Llama otra vez
      hasta que digan que una enfermera irá a ver.
    {program}

# withdrawal check-in
    Dejar algo es difícil. Qué bueno que lo dices.
    Si tiemblas y ves cosas, te dan convulsiones o vomitas hasta el agua, eso es una
      emergencia.
    *¿Te está pasando algo de eso ahora?*

# domestic_violence imminent
    Te creo. Nadie debería vivir así.
in  *Si estás en peligro, ve a donde el personal te pueda ver y dile a alguien del personal en
      quien confíes.*
in  Si alguien en tu casa está en peligro ahora, pregúntale a alguien del personal
      cómo llamar a la policía de ahí. Di que es por seguridad.
out *Llama al 911 ahora si puedes.* Sal de ahí, o ve a un cuarto con salida y sin armas.
out Si alguien revisa este teléfono o pantalla, cuida lo que dejas abierto.
    {program}

# domestic_violence active
    Te creo. No es tu culpa.
in  *Si estás en peligro ahora mismo, ve a donde el personal te pueda ver y dile a alguien de
      confianza.*
in  Si alguien en tu casa está en peligro, pregúntale a alguien del personal cómo
      llamar a la policía de ahí. Di que es por seguridad.
out *Si estás en peligro ahora mismo, llama al 911.*
out Si alguien revisa este teléfono o pantalla, cuida lo que dejas abierto.
    {program}

# domestic_violence check-in
    Gracias por confiarme eso. No es tu culpa.
    *¿Estás en peligro ahora mismo, tú o alguien a quien quieres?*

# help active
in  *Si tú u otra persona está en peligro, dile a cualquier oficial o usa el {call_button}
      ahora.* Di: “Necesito ayuda” (“I need help”).
out *Si tú u otra persona está en peligro, llama al 911. Para hablar con alguien de día o de
      noche, llama al 988 y oprime 2 para español.*
    {program}
    ¿Qué está pasando? Puedes tocar una opción o escribirlo.
"""

# Resources whose cards stand under a screen, where this person can use them.
CARDS: Mapping[str, tuple[str, ...]] = {
    "suicide": ("988",),
    "self_harm": ("988",),
    "sexual_abuse": ("rainn",),
    "domestic_violence": ("ndvh",),
}

# Slots a facility may fill, and what is said where it doesn't.
DEFAULT_WORDS: Mapping[str, Mapping[str, str]] = {
    "call_button": {"en": "call button", "es": "botón de llamada"},
    "program": {
        "en": "I am a computer program. I can't call anyone for you, so please reach a person now.",
        "es": "Soy un programa de computadora. No puedo llamar a nadie por ti. Por favor, busca "
        "a una persona ahora.",
    },
}

# Said before the two ways of getting help when we don't know where a person is.
EITHER: Mapping[str, tuple[str, str]] = {
    "en": ("If you are in prison or jail:", "If you are out, or family:"),
    "es": ("Si estás en prisión o en la cárcel:", "Si estás afuera, o eres familia:"),
}

# Said before what to do where they stand, once what to do for a person inside has been said.
HERE: Mapping[str, str] = {
    "en": "If it is happening where you are:",
    "es": "Si está pasando donde tú estás:",
}

# How somebody outside tells of a person inside. All are plain words, folded: `wont` is `will not`.
_OTHERS = frozenset(
    """he him his she her son sons daughter brother sister husband wife dad father mom mother cousin
    nephew niece uncle aunt grandson granddaughter grandpa grandma fiance boyfriend girlfriend
    friend partner baby homie man hijo hija hermano hermana esposo esposa marido papa padre mama
    madre primo prima sobrino sobrina tio tia nieto nieta novio novia amigo amiga pareja viejo
    vieja muchacho el ella lo le la compa""".split()
)
_INSIDE_WORDS = (
    "prison", "jail", "cell", "cellmate", "cdcr", "locked up", "behind bars", "incarcerated",
    "in custody", "in county", "inside", "in there", "the yard", "the hole", "in shu", "in the shu", "ad seg",
    "guard", "guards", "the co", "the cos", "officers", "his unit", "her unit", "san quentin",
    "corcoran", "pelican bay", "juvenile hall", "inmate", "inmates", "state pen", "penitentiary",
    "prision", "carcel", "celda", "preso", "presa", "encerrado", "encerrada", "detenido", "detenida",
    "adentro", "guardia", "guardias", "oficiales", "custodios", "el tambo", "la pinta", "el bote",
    "el hoyo", "el condado", "interno", "interna", "reo", "reos",
    # told from there, or kept from them
    "they will not", "they are not giving", "they refuse", "they keep denying", "they took his",
    "they took her", "they do not give", "not giving him", "not giving her", "not giving my",
    "will not give", "will not let him", "will not let her", "refuse to give", "denied him",
    "denied her", "says they", "said they", "told me they", "called me", "he called", "she called",
    "wrote me", "his letter", "her letter", "on the phone",
    "no le dan", "no le quieren dar", "no le quieren", "le niegan", "le quitaron", "no lo atienden",
    "no la atienden", "no lo llevan", "no la llevan", "no le hacen caso", "no le dieron",
    "me llamo", "me escribio", "por telefono", "dice que lo", "dice que la", "dice que le",
    "dice que los", "dice que las",
)  # fmt: skip
_HERE_WORDS = (
    "with me", "next to me", "at home", "in my house", "at my house", "at our house", "my house",
    "came home", "got out", "just got home", "in the bathroom", "on the floor", "in my car",
    "conmigo", "en casa", "en la casa", "en mi casa", "a mi lado", "ya salio", "acaba de salir",
    "en el bano", "en el piso", "en mi carro",
)  # fmt: skip

# What the help screen calls each danger, in plain words.
NAMES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "suicide": "I'm thinking about dying",
        "self_harm": "I hurt myself, or want to",
        "overdose": "Somebody took too much",
        "sexual_abuse": "Sexual abuse",
        "violence": "I'm not safe, or about to hurt someone",
        "medical": "A medical emergency",
        "withdrawal": "Sick from stopping drugs or alcohol",
        "domestic_violence": "Someone at home is dangerous",
    },
    "es": {
        "suicide": "Pienso en morir",
        "self_harm": "Me hice daño, o quiero hacerlo",
        "overdose": "Alguien tomó demasiado",
        "sexual_abuse": "Abuso sexual",
        "violence": "No estoy a salvo, o voy a lastimar a alguien",
        "medical": "Una emergencia médica",
        "withdrawal": "Me siento mal por dejar drogas o alcohol",
        "domestic_violence": "Alguien en casa es peligroso",
    },
}


# A bubble: who is told it (`in`, `out` or nobody in particular), and its words.
Bubble = tuple[str, str]


def _read(words: str) -> Mapping[tuple[str, str], tuple[Bubble, ...]]:
    screens: dict[tuple[str, str], list[Bubble]] = {}
    said: list[Bubble] = []
    for line in words.splitlines():
        if line.startswith("# "):
            category, _, screen = line[2:].partition(" ")
            said = screens.setdefault((category, screen), [])
        elif line.startswith("      "):
            said[-1] = (said[-1][0], f"{said[-1][1]} {line.strip()}")
        elif line.strip():
            said.append((line[:4].strip(), line[4:].strip()))
    return {name: tuple(bubbles) for name, bubbles in screens.items()}


SCREENS: Mapping[str, Mapping[tuple[str, str], tuple[Bubble, ...]]] = {
    "en": _read(_ENGLISH),
    "es": _read(_SPANISH),
}


def screen_of(alarm: Alarm) -> str:
    """Which screen an alarm gets: `imminent`, `someone-else`, `check-in-past` …"""
    if alarm.level == "escalate":
        return alarm.screen
    return {"past": "check-in-past", "someone-else": "check-in-someone"}.get(
        alarm.screen, "check-in"
    )


def far_from(text: str, setting: str) -> str:
    """Whether somebody outside tells of a person inside: `first` where their words say so, `last`
    for any other family, since theirs may be there; else nothing.

    Never instead of what to do here: where we are wrong, the next bubble is right.
    """
    if setting in INSIDE:
        return ""
    words = plain_words(text)
    told = f" {' '.join(words)} "

    def has(phrases: tuple[str, ...]) -> bool:
        return any(f" {phrase} " in told for phrase in phrases)

    if not _OTHERS.isdisjoint(words) and has(_INSIDE_WORDS) and not has(_HERE_WORDS):
        return "first" if setting in OUTSIDE else "last"  # who may be inside hears that first
    return "last" if setting == "family" else ""


def words_of(category: str, screen: str, language: str, where: str, far: str = "") -> list[str]:
    """What a screen says to somebody `inside` or `outside`, and both to anyone else; `far` is what
    `far_from` made of their words.

    Where a category has no such screen, the nearest it has. Blanks are not filled in yet.
    """
    screens = SCREENS.get(language) or SCREENS["en"]
    near = ("check-in",) if screen.startswith("check-in") else ("active", "imminent")
    names = ((category, screen), *((category, name) for name in near), ("help", "active"))
    found = next(screens[name] for name in names if name in screens)
    return _said(_told(found, screen, where, far, language), language, where)


def again_of(
    category: str, screen: str, language: str, where: str, *, asks: bool = True
) -> list[str]:
    """What of a screen is said again where the talk stays on it: the way to a human, then its
    question unless that is asked in other words (`asks`). A gentle check-in is its question."""
    screens = SCREENS.get(language) or SCREENS["en"]
    said = _told(screens.get((category, screen), ()), screen, where, "", language)
    questions = [bubble for bubble in said[-1:] if not bubble[0] and bubble[1].endswith("?*")]
    way = list(said[: len(said) - len(questions)])
    while way and not way[0][0]:  # the thanks that opened it has been said
        way.pop(0)
    return _said([*way, *(questions if asks else ())], language, where)


def _said(found: Iterable[Bubble], language: str, where: str) -> list[str]:
    either = EITHER.get(language) or EITHER["en"]
    out: list[str] = []
    last = ""
    for told, words in found:
        if not where and told in {"in", "out"} and told != last:
            out.append(either[told == "out"])
        if told in {"", "far"} or not where or where.startswith(told):
            out.append(words)
        last = told
    return out


def _told(
    found: tuple[Bubble, ...], screen: str, where: str, far: str, language: str
) -> tuple[Bubble, ...]:
    """A screen's bubbles, with what to do for a person inside where it may be about one: before what
    to do where somebody stands, if `far` is `first`."""
    away = [bubble for bubble in found if bubble[0] == "far"]
    rest = [bubble for bubble in found if bubble[0] != "far"]
    if where == "inside" or not (far or screen == "someone-else"):
        return tuple(rest)
    if far != "first" or not away:
        return found
    at = next((n for n, (told, _) in enumerate(rest) if told == "out"), len(rest))
    return (*rest[:at], *away, ("out", HERE.get(language) or HERE["en"]), *rest[at:])
