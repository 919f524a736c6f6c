namespace CertiFlip.Browser.Tests;

/// <summary>What a screen reader goes by: headings, names of tables and of drawings.</summary>
public sealed class StructureTests(Reports reports)
{
    [Theory]
    [MemberData(nameof(Reports.Pages), MemberType = typeof(Reports))]
    public void Headings_go_down_one_step_at_a_time(string page)
    {
        using Browser browser = Browser.Open(reports.PathOf(page));
        int[] levels =
        [
            .. browser.Ask<IEnumerable<object>>("return [...document.querySelectorAll('h1, h2, h3, h4')].map(h => +h.tagName[1])")
                .Select(Convert.ToInt32),
        ];
        Assert.Equal(1, levels[0]);
        Assert.Single(levels, level => level == 1);
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1));
    }

    [Theory]
    [MemberData(nameof(Reports.Pages), MemberType = typeof(Reports))]
    public void Tables_have_captions_and_headers_and_drawings_a_title_and_a_description(string page)
    {
        using Browser browser = Browser.Open(reports.PathOf(page));
        Assert.Equal(
            0L,
            browser.Ask<long>(
                "return [...document.querySelectorAll('table')].filter(t => !t.caption?.textContent.trim() || !t.querySelector('thead "
                    + "th[scope=col]') || !t.querySelector('tbody th[scope=row]')).length"));
        Assert.Equal(0L, browser.Ask<long>("""
            const names = s => s.getAttribute('aria-labelledby').split(' ');
            return [...document.querySelectorAll('svg')].filter(s => s.ariaHidden !== 'true' &&
              !(s.getAttribute('role') === 'img' && names(s).every(id => document.getElementById(id)?.textContent.trim()))).length
            """));
        Assert.Equal(
            0L,
            browser.Ask<long>("const ids = [...document.querySelectorAll('[id]')].map(e => e.id); return ids.length - new Set(ids).size"));
    }
}
